"""Forms: what is left of a document's text without the names that its client chose for itself, and the texts that it wrote.

Documents of one form with the same texts differ in nothing but the name of their operation and in aliases. So one is valid if the
other is, costs as much, reads the same, and has the same answer under other keys: it need not be parsed to be answered. Where
texts differ, too, that depends on where they stand.

A document is taken apart only where that is certain. What stands in parentheses (arguments, the declarations of variables)
belongs to the form but for its texts, of which it has which ones are equal; so does an alias that is also a name of something else, which keeps apart the keys that are aliases
and those that are fields' names. Texts with comments, with block strings, or with strings or parentheses where GraphQL has none
have no form; a text with an escape in it belongs to the form.
"""

import re
from collections.abc import Hashable
from dataclasses import dataclass

# A longer text is read in full: its client pays for what it is.
LONGEST = 20_000

WORD = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")
OPERATION = re.compile(r"[\t\n\r ,\ufeff]*query[\t\n\r ,\ufeff]+([_A-Za-z][_0-9A-Za-z]*)")
# In groups: parentheses with what is in them; one that nothing closes, and all behind it; or an alias, which a colon follows.
# A string may hold a parenthesis. Nothing is looked at twice, however little sense it makes: `*+` gives nothing back.
PARTS = re.compile(
    r'(\((?:[^()"]|"(?:[^"\\\n\r]|\\[^\n\r])*+")*+\))|(\([\s\S]*+)|\b([_A-Za-z][_0-9A-Za-z]*+)(?=[\t\n\r ,\ufeff]*+:)',
    re.ASCII,
)
UNCLEAR = re.compile(r'[()"]')
# A text that means what it looks like, between others that do not matter here.
TEXT = re.compile(r'"(?:([^"\\\0-\x1f\ud800-\udfff]*)|(?:[^"\\\n\r]|\\[^\n\r])*)"')


@dataclass(frozen=True)
class Form:
    """The form of a text: `key` is equal for all of one form.

    `aliases` and `texts` are those that do not belong to the key, each once, in the order in which they come; `operation` is the
    operation's name.
    """

    key: Hashable
    aliases: tuple[str, ...]
    texts: tuple[str, ...]
    operation: str | None


def form_of(text: str) -> Form | None:
    """The form of a text; None for one that has none."""
    if len(text) > LONGEST or "#" in text or '"""' in text:
        return None
    named = OPERATION.match(text)
    parts = PARTS.split(text[named.end() :] if named else text)
    between, parentheses, unclosed, aliases = parts[::4], parts[1::4], parts[2::4], parts[3::4]
    if any(unclosed) or UNCLEAR.search("".join(between)):
        return None
    texts: dict[str, int] = {}
    given = [part and _without_texts(part, texts) for part in parentheses]
    others = set(WORD.findall(" ".join((*between, *filter(None, given)))))
    places: dict[str, int] = {}
    marks = [alias if alias in others else places.setdefault(alias, len(places)) for alias in aliases if alias]
    key = named is not None, tuple(between), tuple(given), tuple(marks)
    return Form(key, tuple(places), tuple(texts), named and named[1])


def _without_texts(part: str, texts: dict[str, int]) -> str:
    """A part of a document with numbers for its texts, which are equal where the texts are: in quotes as no part has them."""

    def numbered(found: re.Match[str]) -> str:
        text = found[1]
        return found[0] if text is None else f'"""{texts.setdefault(text, len(texts))}"""'

    return TEXT.sub(numbered, part) if '"' in part else part
