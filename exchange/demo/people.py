"""The demo's people: accounts with their raters, officials with their grants."""

import uuid
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import timedelta
from random import Random
from typing import NamedTuple

from exchange.demo.organizations import Organization
from exchange.demo.timeline import DAYS, FIRST, day

ONE_IN_BUSINESS = 11
ONE_IN_HEADED = 20
# Officials have accounts like everyone, but in the demo they rate nobody, so none has a conflict.
OFFICIALS_AT_MOST = 0.2
OFFICES = {
    "GOVERNMENT": ("OPERATOR", "SUBORDINATION"),
    "MINISTRY": ("SUPERVISOR", "SUPERVISION"),
    "REGIONAL_AUTHORITY": ("SUPERVISOR", "SUBORDINATION"),
    "BRANCH_BODY": ("SUPERVISOR", "SUPERVISION"),
    "DISTRICT_AUTHORITY": ("SUPERVISOR", "SUBORDINATION"),
}


# A role, on an organization, in a hierarchy.
Post = tuple[str, Organization, str]


class Grant(NamedTuple):
    """A row of the table of grants; the account is the id's own."""

    account: int
    role: str
    organization: int
    hierarchy: str
    valid_from: str


def kind_of(rater: int) -> str:
    """For whom a rater speaks, told by its id."""
    return "BUSINESS" if rater % ONE_IN_BUSINESS == 0 else "PERSON"


def grants(organizations: Sequence[Organization], accounts: int) -> list[Grant]:
    """Every authority has its official, the government all roles there are, some organizations a head."""
    posts = [("MODERATOR", organizations[0], "SUBORDINATION"), ("REGISTRAR", organizations[0], "SUBORDINATION")]
    for organization in organizations:
        if organization.kind in OFFICES:
            role, hierarchy = OFFICES[organization.kind]
            posts.append((role, organization, hierarchy))
        if organization.kind not in OFFICES and organization.id % ONE_IN_HEADED == 0:
            posts.append(("HEAD", organization, "SUBORDINATION"))
            posts.append(("STAFF", organization, "SUBORDINATION"))
    kept = _one_of_each_first(posts)[: int(accounts * OFFICIALS_AT_MOST)]
    return [
        Grant(i, role, organization.id, hierarchy, FIRST.isoformat())
        for i, (role, organization, hierarchy) in enumerate(kept, 1)
    ]


def _one_of_each_first(posts: Sequence[Post]) -> list[Post]:
    """The same posts, whose holders of the lowest numbers have a role each: those are easy to remember."""
    first: dict[str, Post] = {}
    for post in posts:
        first.setdefault(post[0], post)
    return [*first.values(), *(post for post in posts if post is not first[post[0]])]


def raters(accounts: int, random: Random) -> Iterator[tuple[int, str, str]]:
    """A rater for every account, with the account's id: id, pseudonym, kind."""
    for i in range(1, accounts + 1):
        yield i, str(uuid.UUID(int=random.getrandbits(128), version=4)), kind_of(i)


def account_rows(
    accounts: int, made_for_it: AbstractSet[int], random: Random
) -> Iterator[tuple[int, str, int, str, str]]:
    """Id, code, rater, address, registration: all before the demo's time, so that anyone may rate on its first day.

    Those made for a scheme were made the day before it.
    """
    for i in range(1, accounts + 1):
        days = int(random.random() * DAYS / 2)
        registered = day(0) - timedelta(days=1 if i in made_for_it else days)
        yield i, f"user-{i:06}", i, f"user-{i:06}@example.org", f"{registered} 10:00:00+03"
