"""What operations are made of: real codes, ids and cursors of the demo, and values that nearly fit."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, LiteralString

import psycopg

from engine.executor import Caller
from engine.meanings.global_ids import encode
from resolvers.accounts.budgets import SHARED as CHARGE
from resolvers.accounts.budgets import Charge
from resolvers.accounts.providers import SHARED
from resolvers.languages import Language
from resolvers.submissions.qr_codes import PUBLIC_URL
from schema.callers import CallerShape

CODES: Mapping[str, LiteralString] = {
    "codes": "SELECT code FROM organization ORDER BY id LIMIT 60",
    "kinds": "SELECT code FROM organization_kind ORDER BY id",
    "spheres": "SELECT code FROM sphere ORDER BY id",
    "categories": "SELECT code FROM category ORDER BY id LIMIT 40",
    "services": "SELECT code FROM service ORDER BY id LIMIT 60",
    "areas": "SELECT code FROM area ORDER BY id LIMIT 40",
    "criteria": "SELECT code FROM criterion ORDER BY id LIMIT 40",
}
IDS: Mapping[str, LiteralString] = {
    "Organization": "SELECT id FROM organization ORDER BY id LIMIT 20",
    "Questionnaire": "SELECT id FROM questionnaire ORDER BY id LIMIT 20",
    "Service": "SELECT id FROM service ORDER BY id LIMIT 5",
    "Sphere": "SELECT id FROM sphere ORDER BY id LIMIT 5",
    "Category": "SELECT id FROM category ORDER BY id LIMIT 5",
    "Criterion": "SELECT id FROM criterion ORDER BY id LIMIT 5",
    "Area": "SELECT id FROM area ORDER BY id LIMIT 5",
    "Review": "SELECT submission_id FROM review WHERE published ORDER BY answered_on, 1 LIMIT 5",
}
# The types that other graphs name by the codes of a pool.
NAMED_BY: Mapping[str, str] = {
    "Organization": "codes",
    "Service": "services",
    "Sphere": "spheres",
    "Category": "categories",
    "Criterion": "criteria",
    "Area": "areas",
}
# Of all accounts, the one that has most to read.
ACCOUNT = """SELECT account.id, rater_id FROM account JOIN submission USING (rater_id)
GROUP BY account.id, rater_id ORDER BY count(*) DESC, account.id LIMIT 1"""
SUBMISSIONS = "SELECT id FROM submission WHERE (rater_id = %s) = %s ORDER BY id LIMIT 10"
# Of all officials, one who sees every submission, and one who sees every event of the trail.
OFFICIAL = """SELECT account.id, rater_id FROM account JOIN role_grant ON account_id = account.id
WHERE role = %s::role ORDER BY account.id LIMIT 1"""
EVENTS = "SELECT id FROM audit_event ORDER BY id DESC LIMIT 10"
APPLICATIONS = "SELECT id FROM organization_application WHERE account_id = coalesce(%s, account_id) ORDER BY id"

# Under which name an argument or an input field takes the values of a pool.
POOL_OF = {
    "OrganizationRef.code": "codes",
    "Query.area.code": "areas",
    "category": "categories",
    "service": "services",
    "parent": "areas",
    "ScoredFilter.criterion": "criteria",
}
# What fits where no code does.
FITTING: Mapping[str, Sequence[Any]] = {
    "Query.edition.code": ["2024", "2023"],
    "Query.questionnaires.code": ["HEALTH", "NOWHERE"],
    "RatingSlice.edition": ["2024"],
    "text": ["минск", "Министерство", "a", "больница 1", "нет такого"],
    "latitude": [53.9, 52, 55.19],
    "longitude": [27.56, 30.0, 24],
    "west": [22.5, 23],
    "south": [51.5, 52.0],
    "east": [31.5, 33],
    "north": [55.5, 57.0],
    "radiusMeters": [1000.5, 150000, 1e6],
    "toleranceMeters": [5000.0, 20000],
    "limit": [1, 3, 5],
    "ReviewFilter.text": ["вежливые", "чарга", "очередь", "нет такого"],
    "Organization.reviews.text": ["вежливые", "чарга"],
    "unansweredDays": [0, 15, 400],
    "ReviewFilter.marks": [1, 4, 5],
    "ScoredFilter.scores": [1, 4, 5],
    "minRaters": [0, 1, 5, 1000],
    "maxDepth": [1, 2, 5],
    "actor": ["user-000001", "user-000003"],
    "on": ["2026-01-01", "2020-02-29"],
    "placement": ["counter-1", "Leaflet_2026.1"],
    "token": ["such a link was never made"],
    # Findings of the whole country look back so far at most, and links are counted by whole months.
    "Query.integrityFindings.from": ["2026-01-01", "2026-10-31"],
    "Query.integrityFindings.to": ["2026-11-01", "2026-11-15"],
    "Organization.invitations.from": ["2020-12-01", "2026-05-01"],
    "Organization.invitations.to": ["2026-05-31", "2026-10-31"],
    "Organization.placements.from": ["2020-12-01", "2026-05-01"],
    "Organization.placements.to": ["2026-05-31", "2026-10-31"],
    "from": ["2020-11-16", "2023-05-01"],
    "to": ["2025-12-31", "2026-11-15"],
    "comparedTo": ["2024-12-31", "2025-06-30"],
}
# What has the right type, and is nothing that anyone would find or may ask for.
UNFITTING: Mapping[str, Sequence[Any]] = {
    "ID": ["", "?", "0", "T3JnYW5pemF0aW9uOjA", encode("Planet", 1), encode("Organization", 10**12), "й"],
    "String": ["", " ", "NOWHERE", "' OR 1 = 1 --", "\0", "é", "WzFd", "x" * 300],
    "Int": [-1, 0, 101, 501, 2**31 - 1, -(2**31)],
    "Float": [-1, 0.0, 91, 1e300, -1e-300],
    "Date": ["0001-01-01", "9999-12-31", "2026-02-28"],
    "_Any": [
        {},
        "Organization",
        {"__typename": "Planet", "code": "BY"},
        {"__typename": "AuditEvent", "id": encode("AuditEvent", 1)},
        {"__typename": "Organization", "name": "BY-GOV"},
        {"__typename": "Organization", "code": 1},
        {"__typename": "Organization", "code": "\0"},
        {"__typename": "Organization", "id": encode("Area", 1)},
        {"__typename": "Organization", "code": "NOWHERE"},
        {"__typename": "Area", "id": encode("Area", 10**12)},
    ],
}


@dataclass(frozen=True)
class Pools:
    """The values; `own` and `foreign` are submissions of the citizen among the callers, and of others.

    `seen` is what each account sees of what is not public; `cursors` are by field, order and caller.
    """

    codes: Mapping[str, Sequence[str]]
    ids: Mapping[str, Sequence[str]]
    own: Sequence[str]
    foreign: Sequence[str]
    events: Sequence[str]
    applications: Sequence[str]
    seen: Mapping[int, Collection[str]]
    callers: Sequence[Caller]
    cursors: dict[tuple[str, str | None, Any], list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, url: str) -> "Pools":
        """Read from the tables, past everything that is tested."""
        with psycopg.connect(url) as connection:

            def first(query: LiteralString, *parameters: Any) -> list[Any]:
                return [row[0] for row in connection.execute(query, parameters or None)]

            ids = {name: [encode(name, key) for key in first(query)] for name, query in IDS.items()}
            account, rater = connection.execute(ACCOUNT).fetchall()[0]
            own, foreign = (
                [encode("Submission", key) for key in first(SUBMISSIONS, rater, is_own)] for is_own in (True, False)
            )
            events = [encode("AuditEvent", key) for key in first(EVENTS)]
            applied, applications = (
                [encode("Application", key) for key in first(APPLICATIONS, applicant)] for applicant in (account, None)
            )
            codes = {name: first(query) for name, query in CODES.items()}
            moderator, operator = (
                connection.execute(OFFICIAL, [role]).fetchall()[0] for role in ("MODERATOR", "OPERATOR")
            )
        seen = {
            account: [*own, *applied],
            moderator[0]: [*own, *foreign],
            operator[0]: [*events, *applications],
        }
        everybody = [*callers(account, rater), *(official(*each) for each in (moderator, operator))]
        return cls(codes, ids, own, foreign, events, applications, seen, everybody)

    @property
    def all_ids(self) -> list[str]:
        """Ids of all types of nodes, some of what the caller may not see."""
        public = [each for ids in self.ids.values() for each in ids]
        return [*public, *self.own, *self.foreign[:3], *self.events[:3], *self.applications[:3]]

    def ids_of(self, type_: str) -> Sequence[str]:
        """Ids of some nodes of a type, whoever may see them."""
        others = {
            "Submission": [*self.own[:5], *self.foreign[:2]],
            "AuditEvent": self.events,
            "Application": self.applications,
        }
        return others[type_] if type_ in others else self.ids[type_][:8]

    @property
    def public(self) -> list[dict[str, str]]:
        """What everybody may see that has a code, as another graph represents it: by id, or by code."""
        by_code = [{"__typename": name, "code": each} for name, pool in NAMED_BY.items() for each in self.codes[pool]]
        return [*by_code, *({"__typename": name, "id": each} for name in NAMED_BY for each in self.ids[name])]

    @property
    def representations(self) -> list[dict[str, str]]:
        """All that another graph may refer to, some of which the caller may not see."""
        public = {name: self.ids[name] for name in ("Questionnaire", "Review")}
        ids = {**public, "Submission": [*self.own, *self.foreign[:3]]}
        return [*self.public, *({"__typename": name, "id": each} for name in ids for each in ids[name])]

    def fitting(self, *names: str) -> Sequence[Any]:
        """What fits under the first of some names, from the most exact one on, that has a pool."""
        for name in names:
            if found := FITTING.get(name) or self.codes.get(POOL_OF.get(name, name)):
                return found
        return ()


# What all requests share, whoever asks: no provider to sign in through, and a budget without limit.
EVERYBODYS: Mapping[str, Any] = {SHARED: "[]", PUBLIC_URL: "https://rating.example", CHARGE: Charge(1)}


def official(account: int, rater: int) -> Caller:
    """Somebody who sees what citizens do not."""
    return Caller(
        CallerShape(Language.EN, signed_in=True),
        {**EVERYBODYS, "account_id": account, "rater_id": rater, "session_id": 0},
        None,
    )


def callers(account: int, rater: int) -> list[Caller]:
    """In each language, somebody who is signed in and somebody who is not."""
    shared = {**EVERYBODYS, "account_id": account, "rater_id": rater, "session_id": 0}
    return [
        Caller(CallerShape(language, signed_in), shared if signed_in else EVERYBODYS, None)
        for language in Language
        for signed_in in (True, False)
    ]
