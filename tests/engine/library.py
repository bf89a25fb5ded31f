"""A schema that has nothing to do with the portal: authors and their books."""

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Annotated, Any, Generic, Optional, TypeVar

import strawberry
from graphql import ExecutionResult, GraphQLSchema
from sqlalchemy import Column as TableColumn
from sqlalchemy import ForeignKey, Integer, MetaData, Numeric, Table, Text, create_engine, false, literal, select

from engine.answers.records import Values
from engine.documents.documents import Documents
from engine.executor import Caller, Executor
from engine.meanings.fields import (
    METADATA_KEY,
    Column,
    Connection,
    Entities,
    Entity,
    GlobalId,
    Keys,
    Nodes,
    Object,
    Objects,
    Order,
    Parts,
)
from engine.meanings.fields import Rows as Found
from engine.plans.queries import Bound
from models.database import Database

METADATA = MetaData()
AUTHOR = Table(
    "author",
    METADATA,
    TableColumn("id", Integer, primary_key=True),
    TableColumn("name", Text, nullable=False),
    TableColumn("motto", Text),
    # No field reads it; what the engine itself calls so is another column.
    TableColumn("place", Text),
)
BOOK = Table(
    "book",
    METADATA,
    TableColumn("id", Integer, primary_key=True),
    TableColumn("author_id", ForeignKey("author.id"), nullable=False),
    TableColumn("title", Text, nullable=False),
    TableColumn("genre", Text, nullable=False),
    TableColumn("price", Numeric, nullable=False),
)


@strawberry.enum
class Genre(enum.Enum):
    NOVEL = "NOVEL"
    POEM = "POEM"


def meant(meaning: Any) -> Any:
    return strawberry.field(metadata={METADATA_KEY: meaning})


def asked(meaning: Any) -> Callable[[Callable[..., Any]], Any]:
    return lambda declaration: strawberry.field(resolver=declaration, metadata={METADATA_KEY: meaning})


def own(name: str) -> Column:
    return Column(lambda row, a: row.c[name])


def found_authors(row: Any, a: Any) -> Found:
    found = AUTHOR.alias()
    where = () if a.name_is is None else (found.c.name == a.name_is.sql,)
    return Found(found, where=where, order=(Order(found.c.name), Order(found.c.id)))


def found_books(row: Any, a: Any) -> Found:
    found = BOOK.alias()
    where = [] if row is None else [found.c.author_id == row.c.id]
    if a.genre is not None:
        where.append(found.c.genre == a.genre.value)
    if a.where is not None and a.where.title is not None:
        where.append(found.c.title == a.where.title.sql)
    return Found(found, where=tuple(where), order=(Order(found.c.title), Order(found.c.id)))


def sides(row: Any, a: Any) -> Parts:
    texts = {"front": row.c.title, "back": row.c.genre}
    columns = [select(literal(name).label("name"), text.label("text"), row.c.author_id) for name, text in texts.items()]
    return Parts([each.correlate(row).lateral() for each in columns])


def author_of(row: Any, a: Any) -> Found:
    found = AUTHOR.alias()
    return Found(found, where=(found.c.id == row.c.author_id,))


def greeting(row: Any, a: Any) -> Any:
    greeted = row.c.name if a.to is None else a.to.sql.concat(" and ").concat(row.c.name)
    return greeted.concat("!") if a.loudly else greeted


def is_nothing(number: int) -> bool:
    return number == 0


def shelf_mark(row: Any, a: Any) -> Any:
    """Nothing need not be added: a plan for that alone."""
    shelf = row.c.id * 1000
    return shelf if a.number.holds(is_nothing) else shelf + a.number.sql


def by_names(a: Any) -> Keys:
    return Keys("Author", "name", a.names)


Item = TypeVar("Item")


@strawberry.interface
class Node:
    id: strawberry.ID = meant(GlobalId(lambda row, a: row.c.id))


@strawberry.type
class PageInfo:
    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class Edge(Generic[Item]):
    cursor: str
    node: Item


@strawberry.type
class Page(Generic[Item]):
    edges: list[Edge[Item]]
    nodes: list[Item]
    page_info: PageInfo
    total_count: int


@strawberry.input
class Where:
    title: str | None = None


LazyAuthor = Annotated["Author", strawberry.lazy("tests.engine.library")]


@strawberry.type
class Side:
    name: str = meant(own("name"))
    text: str = meant(own("text"))
    author: LazyAuthor | None = meant(Object(author_of))


@strawberry.type
class Book(Node):
    title: str = meant(own("title"))
    genre: Genre = meant(own("genre"))
    price: str = meant(own("price"))
    author: LazyAuthor = meant(Object(author_of))
    critic: LazyAuthor | None = meant(Object(author_of))
    sides: list[Side] = meant(Objects(sides))

    @asked(Column(shelf_mark))
    def shelf_mark(self, number: int) -> int:
        raise NotImplementedError


@strawberry.type
class Author(Node):
    name: str = meant(own("name"))
    # Promised to be there; in the tables it may be missing.
    motto: str = meant(own("motto"))

    @asked(Connection(found_books, maximum=50, default=10))
    def books(
        self,
        genre: Genre | None = None,
        where: Where | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Page[Book]:
        raise NotImplementedError

    @asked(Objects(found_books))
    def all_books(self, genre: Genre | None = None, where: Where | None = None) -> list[Book]:
        raise NotImplementedError

    @asked(Column(greeting))
    def greeting(self, to: str | None = None, loudly: bool = False) -> str:
        raise NotImplementedError


@strawberry.type
class Query:
    @asked(Connection(found_authors, maximum=50, default=10))
    def authors(
        self,
        name_is: str | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Page[Author]:
        raise NotImplementedError

    @asked(Object(found_authors))
    def author(self, name_is: str | None = None) -> Author | None:
        raise NotImplementedError

    @asked(Objects(found_books))
    def books(self, genre: Genre | None = None, where: Where | None = None) -> list[Book]:
        raise NotImplementedError

    @asked(Entities("names", by_names))
    def authors_by_name(self, names: list[str]) -> list[Author | None]:
        raise NotImplementedError

    @asked(Nodes("id"))
    def node(self, id: strawberry.ID) -> Optional[Node]:  # noqa: UP045 - Strawberry makes it nullable only so
        raise NotImplementedError

    @asked(Nodes("ids"))
    def nodes(self, ids: list[strawberry.ID]) -> list[Optional[Node]]:  # noqa: UP045
        raise NotImplementedError


def everybody(row: Any, a: Any) -> tuple[Any, ...]:
    return () if a.shape else (false(),)


ENTITIES = {"Author": Entity(AUTHOR, lambda row, a: ()), "Book": Entity(BOOK, everybody)}

ROWS = {
    AUTHOR: [
        {"id": 1, "name": "Ada", "motto": "On!"},
        {"id": 2, "name": "Bob", "motto": None},
        {"id": 3, "name": "Cid", "motto": "Up!"},
    ],
    BOOK: [
        {"id": 1, "author_id": 1, "title": "Apple", "genre": "NOVEL", "price": "1.10"},
        {"id": 2, "author_id": 1, "title": "Birch", "genre": "POEM", "price": "2.20"},
        {"id": 3, "author_id": 1, "title": "Cedar", "genre": "NOVEL", "price": "3.30"},
        {"id": 4, "author_id": 2, "title": "Daisy", "genre": "POEM", "price": "4.40"},
    ],
}


def schema() -> GraphQLSchema:
    return strawberry.Schema(query=Query, types=[Author, Book])._schema


def fill(url: str) -> None:
    """Make the tables and their rows."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.begin() as connection:
        METADATA.create_all(connection)
        for table, rows in ROWS.items():
            connection.execute(table.insert(), rows)
    engine.dispose()


@dataclass
class Library:
    """The engine over the library's tables, and the statements that it had executed."""

    database: Database
    signed_in: bool = True
    statements: list[Bound] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.schema = schema()
        self.documents = Documents(self.schema, maximum=5, plans_each=3)
        self.executor = Executor(self.schema, ENTITIES, SimpleNamespace(read=self._read))

    async def _read(self, statements: list[Bound]) -> list[Sequence[Values]]:
        self.statements += statements
        return await self.database.read(statements)

    async def execute(self, query: str, variables: dict[str, Any] | None = None) -> ExecutionResult:
        """The result of the only operation of a document."""
        document = self.documents.read(query)
        operation = document.operation(None)
        assert operation is not None
        self.statements.clear()
        given = document.given(variables or {})
        return await self.executor.execute(document, operation, given, Caller(self.signed_in, {}, None))

    async def data(self, query: str, **variables: Any) -> Any:
        """What an operation that nothing is wrong with answers."""
        result = await self.execute(query, variables)
        assert result.errors is None, result.errors
        return result.data
