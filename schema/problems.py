"""Problems: the refusals of mutations, as types that a client can select."""

from collections.abc import Mapping
from typing import Any, cast

import strawberry

from resolvers import problems
from resolvers.submissions.eligibility import NotEligible
from schema.enums.submissions import Ineligibility
from schema.scalars import DateTime


@strawberry.interface(description="Why a mutation was refused. Nothing has changed.")
class Problem:
    code: str = strawberry.field(description="What is wrong, for programs: stable.")
    message: str = strawberry.field(description="What is wrong, for people, in English.")
    path: list[str] | None = strawberry.field(
        description="The input field, from the argument down; places in lists are numbers from 0."
    )


@strawberry.type(description="A value that cannot be used; `path` names it.")
class InvalidInputProblem(Problem):
    """Published form of `resolvers.problems.InvalidInput`."""


@strawberry.type(description="A reference to nothing, or to nothing that the viewer may see.")
class UnknownReferenceProblem(Problem):
    """Published form of `resolvers.problems.Unknown`."""


@strawberry.type(description="The viewer may not submit for this organization now.")
class NotEligibleProblem(Problem):
    reason: Ineligibility = strawberry.field(description="Why not.")
    next_at: DateTime | None = strawberry.field(description="If only time is missing, from when it is allowed.")


@strawberry.type(description="The idempotency key was used before, for another content.")
class IdempotencyKeyProblem(Problem):
    """Published form of `resolvers.problems.KeyReused`."""


@strawberry.type(
    description="What stands in the register forbids it: `code` tells what, `path` names the input that meets it."
)
class ConflictProblem(Problem):
    """Published form of `resolvers.problems.Conflict`."""


@strawberry.type(description="What was given does not prove who somebody is. It is not told what of it is wrong.")
class CredentialsProblem(Problem):
    """Published form of `resolvers.problems.WrongCredentials`."""


@strawberry.type(
    description="It was tried too often, by this client or for this account. Each further try takes longer."
)
class TooManyAttemptsProblem(Problem):
    retry_at: DateTime = strawberry.field(description="From when it may be tried again.")


PUBLISHED: Mapping[type[problems.Problem], type[Problem]] = {
    problems.Unknown: UnknownReferenceProblem,
    problems.KeyReused: IdempotencyKeyProblem,
    problems.Conflict: ConflictProblem,
    problems.WrongCredentials: CredentialsProblem,
}


def published(problem: problems.Problem) -> Problem:
    """The type that a refusal is answered with."""
    told: dict[str, Any] = {"code": problem.code, "message": problem.message, "path": problem.path}
    if isinstance(problem, NotEligible):
        return NotEligibleProblem(**told, reason=problem.reason, next_at=cast("DateTime | None", problem.next_at))
    if isinstance(problem, problems.TooManyAttempts):
        return TooManyAttemptsProblem(**told, retry_at=cast("DateTime", problem.retry_at))
    return PUBLISHED.get(type(problem), InvalidInputProblem)(**told)
