"""Which tree a field looks at."""

from engine.arguments import Arguments
from models.hierarchies import Hierarchy


def tree(a: Arguments) -> Hierarchy:
    """The argument `hierarchy`; most questions mean subordination."""
    return a.hierarchy or Hierarchy.SUBORDINATION
