"""The policies."""

from models.policies import RULES, PolicyName
from schema.fields import described

__all__ = ["PolicyName"]

described(
    PolicyName,
    "The rules whose values are data: policies.",
    **{name.value: rule.decides for name, rule in RULES.items()},
)
