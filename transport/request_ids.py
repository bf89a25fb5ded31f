"""Ids of requests: what an answer and the log's lines about it have in common."""

from random import getrandbits


def new_request_id() -> str:
    """16 hexadecimal digits. It is no secret: random numbers that are would take a call of the system for each request."""
    return f"{getrandbits(64):016x}"
