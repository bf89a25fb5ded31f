"""The one-stop shop's graph: cases of its own, and what it adds to the portal's organizations."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

import strawberry
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from federation.one_stop_shop import cases
from federation.one_stop_shop.callers import Caller

MAXIMUM = 100
# Who submits on behalf of others has to know them, by a reference that tells the portal nothing.
SPEAKS_FOR_OTHERS = "submissions:write"


def computed(description: str, **federated: Any) -> Callable[[Callable[..., Any]], Any]:
    """A field that a function answers."""
    decorator: Callable[[Callable[..., Any]], Any] = strawberry.federation.field(description=description, **federated)
    return decorator


@strawberry.type(description="A counter of the one-stop shop.")
class Counter:
    number: int = strawberry.field(description="Its number, from 1, among those of an organization.")
    waiting: int = strawberry.field(description="How many people wait in front of it.")


@strawberry.federation.type(keys=["code"], description="A body that the one-stop shop takes cases for.")
class Organization:
    code: str = strawberry.field(description="Its code in the state's register.")
    closed_on: date | None = strawberry.federation.field(
        external=True, default=None, description="Since when it is closed: the portal knows."
    )

    @classmethod
    def resolve_reference(cls, code: str, **required: Any) -> "Organization":
        """The organization that the gateway names, with what it was asked to bring along."""
        return cls(code=code, closed_on=required.get("closedOn"))

    @computed("Its counters in the one-stop shop; none, where it has none.")
    def counters(self) -> list[Counter]:
        return [Counter(number=each.number, waiting=each.waiting) for each in cases.COUNTERS.get(self.code, ())]

    @computed(
        "How many minutes somebody who comes now has to wait; null where it is closed or has no counters.",
        requires=["closedOn"],
    )
    def waiting_minutes(self) -> int | None:
        return None if self.closed_on else cases.minutes_to_wait(self.code)


@strawberry.federation.type(
    keys=[Key(fields=FieldSet("code"), resolvable=False)],
    description="A service: the portal knows all about it.",
)
class Service:
    code: str = strawberry.field(description="Its code in the state's register.")


@strawberry.federation.type(keys=["number"], description="Somebody's matter, handled at a counter.")
class Case:
    number: str = strawberry.field(description="Unique and stable.")
    opened_on: date = strawberry.field(description="Since when it is handled.")
    counter: int = strawberry.field(description="The number of the organization's counter.")
    # Nullable, as each object of another graph: that graph may not know it, or be down, and the case is still there.
    organization: Organization | None = strawberry.field(
        description="On whose behalf; null where the portal is silent."
    )
    service: Service | None = strawberry.field(description="What was asked for; null where the portal is silent.")
    reference: strawberry.Private[str]

    @computed(
        "Whose case it is: an opaque reference, as the portal takes it for `onBehalfOf`. For systems whose access token"
        f" of the portal has the scope {SPEAKS_FOR_OTHERS}; null, with an error, for everybody else.",
        requires_scopes=[[SPEAKS_FOR_OTHERS]],
    )
    async def visitor(self, info: strawberry.Info[Caller, None]) -> str | None:
        await info.context.demand(SPEAKS_FOR_OTHERS)
        return self.reference

    @classmethod
    def of(cls, case: cases.Case) -> "Case":
        """A case as it is published."""
        return cls(
            number=case.number,
            opened_on=case.opened_on,
            counter=case.counter,
            organization=Organization(code=case.organization),
            service=Service(code=case.service),
            reference=case.visitor,
        )

    @classmethod
    def resolve_reference(cls, number: str) -> "Case | None":
        """The case that another graph names."""
        return next((cls.of(each) for each in cases.CASES if each.number == number), None)


First = Annotated[int, strawberry.argument(description=f"How many, 1 to {MAXIMUM}.")]


@strawberry.type(description="What the one-stop shop answers.")
class Query:
    @computed("Cases, the oldest first.")
    def cases(self, first: First = 10) -> list[Case]:
        return [Case.of(each) for each in cases.CASES[: max(0, min(first, MAXIMUM))]]

    @computed("A case by its number; null where there is none.")
    def case(self, number: Annotated[str, strawberry.argument(description="Its number.")]) -> Case | None:
        return Case.resolve_reference(number)


schema = strawberry.federation.Schema(query=Query, federation_version="2.7")
