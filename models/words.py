"""The words of organizations' names and codes: what text search looks in."""

from sqlalchemy import ForeignKey, Identity, Index, Integer, PrimaryKeyConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.organizations import Organization


class Word(Base):
    """A word that some organization has, or once had, in its `search`.

    There are far fewer of them than organizations, so what a word is like is asked of these.
    They are compared byte by byte: words that begin alike stand together.
    """

    __tablename__ = "word"

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    text: Mapped[str] = mapped_column(Text(collation="C"), unique=True)

    __table_args__ = (Index(None, "text", postgresql_using="gin", postgresql_ops={"text": "gin_trgm_ops"}),)


class OrganizationWord(Base):
    """An organization has a word. Triggers keep these with its names (migrations/versions/0015_words.py).

    `length` is that of its whole `search`, in characters: of what matches as well, the shortest comes first.
    """

    __tablename__ = "organization_word"

    word_id: Mapped[int] = mapped_column(ForeignKey(Word.id))
    length: Mapped[int] = mapped_column(Integer)
    organization_id: Mapped[int] = mapped_column(ForeignKey(Organization.id, ondelete="CASCADE"))

    # With the length in it, the best of what a word finds are known without reading any organization.
    __table_args__ = (PrimaryKeyConstraint("word_id", "organization_id", postgresql_include=["length"]),)
