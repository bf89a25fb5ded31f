"""Editions, which everybody may read, and the operator's mutation that publishes one."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from resolvers.ratings import editions, publishing
from resolvers.ratings.publishing import Wanted
from schema.catalogue.criteria import InLanguage
from schema.changes import Info, answer, signed_in
from schema.connections import Node
from schema.enums.policies import PolicyName
from schema.fields import Column, FromPlan, Object, Objects, Reference, argument, computed, field, mutation
from schema.inputs import described
from schema.problems import ConflictProblem, InvalidInputProblem
from schema.scalars import Date, DateTime


@strawberry.type(description="What a policy was when an edition was published.")
class EditionPolicy:
    name: PolicyName = field(Column(editions.policy_name), "Its name.")
    value: str = field(Column(editions.policy_value), "Its value as text, as in `Policy.value`.")


@strawberry.type(
    description="A period's ratings and ranks, frozen on the day they were published, to be cited: submissions and"
    " withdrawals, policies, moves, mergers and other names that come later change nothing in it. It is asked as"
    " `slice: {edition: ...}`."
)
class Edition(Node):
    code: str = field(Column(editions.code), "Unique and stable: what it is cited and asked by.")
    from_: Date = field(
        Column(editions.first_day), "The first date of submission, the first day of a month.", name="from"
    )
    to: Date = field(Column(editions.last_day), "The last date of submission, inclusive, the last day of a month.")
    published_at: DateTime = field(Column(editions.published_at), "As of when: submissions, trees, names and policies.")
    method: str = field(Column(editions.method), "How values and places come about, with the formulas, in English.")
    method_version: int = field(Column(editions.method_version), "The number of that text, which goes up with changes.")
    policies: list[EditionPolicy] = field(Objects(editions.policies), "All policies as they were then, by name.")
    organizations: int = field(Column(editions.organizations), "How many organizations were open then.")
    submissions: int = field(
        Column(editions.submissions), "How many submissions of the period these had of their own, counted then."
    )
    raters: int = field(Column(editions.raters), "How many distinct raters those came from.")
    digest: str = field(
        Column(editions.digest),
        "The SHA-256 of all that it holds, 64 hexadecimal digits: `portal edition lines` prints what it is of.",
    )

    @computed(Column(editions.title), "Its title.")
    def title(self, language: InLanguage = UNSET) -> str:
        raise FromPlan


@strawberry.type(description="An organization as it stood on the register when an edition was published.")
class EditionOrganization:
    code: str = field(Column(editions.code), "Its registry code.")

    @computed(Column(editions.name), "Its name then.")
    def name(self, language: InLanguage = UNSET) -> str:
        raise FromPlan


@strawberry.type
class Editions:
    @computed(Object(editions.one), "An edition by its code; null where there is none.")
    def edition(self, code: Annotated[str, argument("The edition's code.")]) -> Edition | None:
        raise FromPlan

    @computed(Objects(editions.listed), "All editions, the latest first.")
    def editions(self) -> list[Edition]:
        raise FromPlan


@strawberry.input(description="A title in several languages, at least one.")
class EditionTitlesInput:
    be: str | None = described("In Belarusian, at most 500 characters, not blank.", default=None)
    ru: str | None = described("In Russian, at most 500 characters, not blank.", default=None)
    en: str | None = described("In English, at most 500 characters, not blank.", default=None)


@strawberry.input(description="An edition to publish.")
class PublishEditionInput:
    code: str = described(
        "What it is to be cited by, such as `2026`: 1 to 64 letters, digits or `_./:-`, unique. It makes a retry safe:"
        " the same input again answers the same edition."
    )
    titles: EditionTitlesInput = described("What it is called.")
    from_: Date = described("The first date of submission: the first day of a month.", name="from")
    to: Date = described("The last date, inclusive: the last day of a month, before today.")


@strawberry.type(description="The edition is published, for good.")
class PublishEditionPayload:
    edition: Edition = field(Reference("Edition"), "The edition.")


PublishEditionResult = Annotated[
    PublishEditionPayload | InvalidInputProblem | ConflictProblem,
    strawberry.union("PublishEditionResult", description="The edition, or why not."),
]


@strawberry.type
class Publishing:
    @mutation(
        "For operators: freeze the ratings and ranks of a period of whole months, as they are now, as an edition that"
        " can never be changed or taken back. Recorded in the audit trail. Takes some seconds. Refused with"
        " `CODE_INVALID`, `CODE_TAKEN`, `TITLE_MISSING`, `TEXT_BLANK`, `TEXT_TOO_LONG`, `NOT_WHOLE_MONTHS`,"
        " `PERIOD_BACKWARDS` or `PERIOD_NOT_OVER`."
    )
    async def publish_edition(
        self, info: Info, input: Annotated[PublishEditionInput, argument("What to publish.")]
    ) -> PublishEditionResult:
        context = signed_in(info)
        titles = {"be": input.titles.be, "ru": input.titles.ru, "en": input.titles.en}
        wanted = Wanted(input.code, titles, input.from_, input.to)
        found: PublishEditionResult = await answer(
            PublishEditionPayload, publishing.publish(context.database, context.viewer, wanted)
        )
        return found
