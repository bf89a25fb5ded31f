"""Publishing open data: a query's pages, all of one moment, as the pieces of a file."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any

from exchange.open_data.datasets import DATASETS, Dataset
from exchange.open_data.writing import FORMATS, About, Format
from models.errors import InputError, NotFound
from resolvers.languages import Language
from schema.questions import Questions


@dataclass(frozen=True)
class Publisher:
    """Makes files of what everybody may see, under a licence."""

    questions: Questions
    licence: str

    def media_type(self, dataset: str, format_: str) -> str:
        """The media type of a file; raises NotFound where there is no such one."""
        return _known(dataset, format_)[1].media_type

    async def pieces(
        self, dataset: str, format_: str, variables: Mapping[str, Any], language: Language
    ) -> AsyncGenerator[bytes]:
        """A file of a data set; `variables` are those of its query. Raises Refused where a query would be."""
        _known(dataset, format_)
        async with self.questions.of_one_moment() as questions:
            async for piece in self.written(questions, dataset, format_, variables, language):
                yield piece

    async def written(
        self, questions: Questions, dataset: str, format_: str, variables: Mapping[str, Any], language: Language
    ) -> AsyncGenerator[bytes]:
        """A file of the moment of some questions. What it holds in memory is one page."""
        source, format_of = _known(dataset, format_)
        for name in variables.keys() - source.takes:
            raise InputError(f"variables.{name}", f"is none of {', '.join(sorted(source.takes))}")
        about = About(dataset, variables, questions.moment, self.licence)
        after, first = None, True
        while first or after is not None:
            page = (await questions.ask(source.query, {**variables, "after": after}, language))["page"]
            # Nothing goes out before the first page is there: until then it may be refused.
            begin = format_of.begin(about, source) if first else b""
            content = format_of.page(source, page["nodes"], first)
            yield begin + content
            first, after = False, page["pageInfo"]["endCursor"] if page["pageInfo"]["hasNextPage"] else None
        yield format_of.end


def _known(dataset: str, format_: str) -> tuple[Dataset, Format]:
    if dataset not in DATASETS or format_ not in FORMATS:
        raise NotFound(f"There are {', '.join(DATASETS)}, each as {' and '.join(FORMATS)}.")
    return DATASETS[dataset], FORMATS[format_]
