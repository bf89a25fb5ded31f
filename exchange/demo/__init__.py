"""The demo country: real places, invented organizations, six years of opinions, always the same."""

from exchange.demo.country import Summary, is_empty, load

__all__ = ["Summary", "is_empty", "load"]
