"""Placements: the tags by which an organization tells its QR codes apart."""

import re

from models.submissions import PLACEMENT_PATTERN

PLACEMENT = "1 to 32 Latin letters, digits, `_`, `.` and `-`, beginning with a letter or digit"


def is_placement(text: str) -> bool:
    """Whether a text can be one."""
    # Python's `$` would let a line break follow.
    return re.fullmatch(PLACEMENT_PATTERN.strip("^$"), text) is not None
