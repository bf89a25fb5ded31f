"""Leavings: what is still there of requests that have been answered."""

import gc

from graphql.execution.values import VariableValues

from engine.meanings.arguments import Inputs
from engine.meanings.requests import Request
from engine.plans.selections import Selections


def left() -> list[object]:
    """All that holds values of requests, found in the whole process once its garbage is collected."""
    gc.collect()
    return [each for each in gc.get_objects() if isinstance(each, (Inputs, Request, Selections, VariableValues))]
