"""The portal's calendar, as resolvers know it."""

from models.clock import date_of, today

__all__ = ["date_of", "today"]
