"""Forms: what is left of a document's text without the names that its client chose for itself.

Documents of one form differ in nothing but the name of their operation and in aliases. So one is valid if the other is, costs as
much, reads the same, and has the same answer under other keys: it need not be parsed to be answered.

A text is taken apart only where that is certain. What stands in parentheses (arguments, the declarations of variables)
belongs to the form as it is; so does an alias that is also a name of something else, which keeps apart the keys that are aliases
and those that are fields' names. Texts with comments, with block strings, or with strings or parentheses where GraphQL has none
have no form.
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
    r'(\((?:[^()"]|"(?:[^"\\\n\r]|\\[^\n\r])*+")*+\))|(\([\s\S]*+)|(?<![_0-9A-Za-z])([_A-Za-z][_0-9A-Za-z]*)(?=[\t\n\r ,\ufeff]*:)'
)
UNCLEAR = re.compile(r'[()"]')


@dataclass(frozen=True)
class Form:
    """The form of a text: `key` is equal for all of one form.

    `aliases` are those that do not belong to the key, in the order in which they come; `operation` is the operation's name.
    """

    key: Hashable
    aliases: tuple[str, ...]
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
    others = set(WORD.findall(" ".join((*between, *filter(None, parentheses)))))
    places: dict[str, int] = {}
    marks = [alias if alias in others else places.setdefault(alias, len(places)) for alias in aliases if alias]
    key = named is not None, tuple(between), tuple(parentheses), tuple(marks)
    return Form(key, tuple(places), named and named[1])
