"""Loading the demo country into an empty database."""

import time
from dataclasses import dataclass
from typing import Self

import psycopg
from psycopg import Connection

from exchange.demo import content
from exchange.demo.applications import add_applications
from exchange.demo.bulk import bare, copy_text, restart_sequences
from exchange.demo.catalogue import Catalogue
from exchange.demo.dice import dice
from exchange.demo.forms import Forms
from exchange.demo.loop import add_loop
from exchange.demo.opinions import SUBMISSION, Opinions
from exchange.demo.organizations import Organization
from exchange.demo.people import Grant, grants
from exchange.demo.register import Register
from exchange.demo.sources import sources
from exchange.demo.surveys import add_surveys
from exchange.demo.territory import Territory
from exchange.demo.timeline import SLICES
from exchange.demo.trail import add_trail
from exchange.demo.voices import MENTION, REVIEW, add_moderation
from exchange.progress import NOBODY, Advance, Watcher
from models import recount
from models.database import conninfo_for
from models.errors import InputError

ORGANIZATIONS = 13_600
ACCOUNTS = 140_100
SUBMISSIONS = 673_600
SMALLEST, LARGEST = 0.01, 100


# Filled without their indexes and foreign keys.
LARGE = (
    "organization",
    "organization_position",
    "organization_service",
    "organization_sphere",
    "rater",
    "account",
    "submission",
    "review",
    "answer",
    "employee_mention",
)
SMALL = (
    "area",
    "organization_kind",
    "sphere",
    "category",
    "service",
    "criterion",
    "questionnaire",
    "question",
    "role_grant",
)


@dataclass(frozen=True)
class Summary:
    """What a load made, and how long it took. Submissions include the few that do not count."""

    organizations: int
    accounts: int
    submissions: int
    reviews: int
    answers: int
    seconds: float


@dataclass(frozen=True)
class Country:
    """Everything that does not grow with the number of submissions."""

    seed: int
    accounts: int
    submissions: int
    territory: Territory
    catalogue: Catalogue
    forms: Forms
    organizations: list[Organization]
    grants: list[Grant]

    @classmethod
    def of(cls, scale: float, seed: int) -> Self:
        """The country at a scale."""
        accounts, submissions = round(ACCOUNTS * scale), round(SUBMISSIONS * scale)
        territory, catalogue = Territory(), Catalogue()
        register = Register(round(ORGANIZATIONS * scale), territory, catalogue, dice(seed, "register"))
        offices = grants(register.organizations, accounts)
        forms = Forms(catalogue.spheres)
        return cls(seed, accounts, submissions, territory, catalogue, forms, register.organizations, offices)

    def opinions(self) -> Opinions:
        """What its people say; officials, who hold the first accounts, say nothing."""
        officials, chance = len(self.grants), dice(self.seed, "opinions")
        # An even number of raters: those of even and odd slices of time are different people.
        people = (self.accounts - officials) // 2 * 2
        drawn = sources(self.organizations, self.forms, self.submissions, people, chance)
        return Opinions(drawn, officials, people, chance, dice(self.seed, "details"))


def is_empty(url: str) -> bool:
    """True when no organization is in the database yet."""
    with psycopg.connect(conninfo_for(url, "portal-demo")) as connection:
        return _is_empty(connection)


def load(url: str, scale: float = 1.0, seed: int = 1, watcher: Watcher = NOBODY) -> Summary:
    """Make the country in one transaction; the same scale and seed always give the same rows.

    Scale 1 has as many organizations, accounts and submissions as the portal that this is built for.
    """
    if not SMALLEST <= scale <= LARGEST:
        raise InputError("scale", f"must be between {SMALLEST} and {LARGEST}")
    began = time.monotonic()
    with psycopg.connect(conninfo_for(url, "portal-demo")) as connection:
        _claim(connection)
        country = Country.of(scale, seed)
        opinions = country.opinions()
        with bare(connection, LARGE):
            with watcher.step("Organizations and accounts"):
                _add_country(connection, country, opinions)
            with watcher.step("Submissions", SLICES) as advance:
                _add_opinions(connection, opinions, advance)
        with watcher.step("Totals"):
            restart_sequences(connection, (*LARGE, *SMALL))
            # Of what has just been filled nothing is known yet, and what follows joins it.
            connection.execute("ANALYZE")
            add_trail(connection)
            add_moderation(connection)
            add_applications(connection)
            add_loop(connection)
            add_surveys(connection)
            recount.rebuild(connection)
            connection.execute("ANALYZE")
    seconds = round(time.monotonic() - began, 1)
    counts = opinions.submissions, opinions.reviews, opinions.answers
    return Summary(len(country.organizations), country.accounts, *counts, seconds)


def _claim(connection: Connection) -> None:
    """Keep everybody else out until the end, and refuse to mix the demo with anything."""
    connection.execute("LOCK TABLE organization IN ACCESS EXCLUSIVE MODE")
    if not _is_empty(connection):
        raise InputError("database", "has organizations already; the demo needs an empty one")
    connection.execute("SET LOCAL maintenance_work_mem = '256MB'")
    connection.execute("SET LOCAL work_mem = '128MB'")


def _add_country(connection: Connection, country: Country, opinions: Opinions) -> None:
    content.add_territory(connection, country.territory)
    content.add_catalogue(connection, country.catalogue)
    content.add_forms(connection, country.forms)
    content.add_organizations(connection, country.organizations, country.catalogue)
    content.add_trees(connection, country.organizations)
    made_for_it = opinions.made_for_it()
    content.add_people(connection, country.accounts, country.grants, made_for_it, country.seed)


def _add_opinions(connection: Connection, opinions: Opinions, advance: Advance) -> None:
    for number in range(SLICES):
        copy_text(connection, "submission", SUBMISSION, opinions.slice(number))
        reviews, answers, mentions = opinions.taken()
        copy_text(connection, "review", REVIEW, [reviews])
        copy_text(connection, "employee_mention", MENTION, [mentions])
        copy_text(connection, "answer", "submission_id, question_id, values", [answers])
        advance(1)


def _is_empty(connection: Connection) -> bool:
    return connection.execute("SELECT FROM organization LIMIT 1").fetchone() is None
