"""Scores, one by one."""

import strawberry

from resolvers.submissions import submissions
from schema.catalogue.criteria import Criterion
from schema.fields import Column, Object, field


@strawberry.type(description="A score by one criterion.")
class Score:
    criterion: Criterion = field(Object(submissions.criterion), "The criterion.")
    score: int = field(Column(submissions.score), "1 to 5.")
