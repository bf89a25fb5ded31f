"""Registrars of `tests.stage`: officials who change the register, over the real application."""

from typing import Any

from tests.citizens import PROBLEM, result
from tests.officials import Official, appointed

PLACED = """organization { id code name closedOn registration mergedInto { code } mergedFrom { code }
    subordination: parent { code } supervision: parent(hierarchy: SUPERVISION) { code } }"""
APPLICATION = "application { id status reason isOwn name subordinateTo { code } organization { code } }"
ANSWERS = {
    "createOrganization": PLACED,
    "changeOrganization": PLACED,
    "moveOrganization": PLACED,
    "mergeOrganization": f"{PLACED} merged {{ id code closedOn mergedInto {{ code }} }}",
    "closeOrganization": PLACED,
    "reopenOrganization": PLACED,
    "applyForRegistration": APPLICATION,
    "acceptApplication": f"{PLACED} {APPLICATION}",
    "declineApplication": APPLICATION,
}


def operation(mutation: str) -> str:
    """The operation with a mutation, which takes its input as a variable."""
    name = mutation[0].upper() + mutation[1:]
    return f"""mutation($input: {name}Input!) {{
        {mutation}(input: $input) {{ __typename {PROBLEM} ... on {name}Payload {{ {ANSWERS[mutation]} }} }}
    }}"""


class Registrar(Official):
    """Somebody who changes the register, or tries to. Organizations are referred to by their codes."""

    async def change(self, mutation: str, /, **input_: Any) -> Any:
        """The result of a mutation: a payload or a problem."""
        return result(await self.ask(operation(mutation), input=input_))

    async def move(self, code: str, below: str | None, hierarchy: str = "SUBORDINATION", apart: str = "ROOT") -> Any:
        """The result of moving an organization below another, or apart from all."""
        to = {"apart": apart} if below is None else {"below": {"code": below}}
        return await self.change("moveOrganization", organization={"code": code}, hierarchy=hierarchy, to=to)

    async def merge(self, code: str, into: str) -> Any:
        """The result of merging an organization into another."""
        return await self.change("mergeOrganization", organization={"code": code}, into={"code": into})

    async def close(self, code: str) -> Any:
        """The result of closing an organization."""
        return await self.change("closeOrganization", organization={"code": code})

    async def reopen(self, code: str) -> Any:
        """The result of opening an organization again."""
        return await self.change("reopenOrganization", organization={"code": code})


def registrar_of(
    citizen: Any, account: str, role: str, organization: str, hierarchy: str = "SUBORDINATION"
) -> Registrar:
    """The holder of an account, from now on with a role, in the country of another citizen."""
    appointed(citizen, account, role, organization, hierarchy)
    return Registrar(citizen.client, citizen.url, account)
