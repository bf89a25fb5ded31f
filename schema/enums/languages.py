"""The languages of names and texts."""

from resolvers.languages import Language
from schema.fields import described

__all__ = ["Language"]

described(
    Language,
    "Languages of names and texts. A missing translation falls back to another language.",
    BE="Belarusian.",
    RU="Russian.",
    EN="English.",
)
