"""Somebody in the demo country who rates a polyclinic while others listen."""

import asyncio
from typing import Any

from tests.citizens import SUBMIT, WITHDRAW, result, scored
from tests.clients import Client

POLYCLINIC = "BY-HO-06-HEALTH-POLYCLINIC-1"
FORM = "query($code: String!) { organization(by: {code: $code}) { questionnaire { id } } }"


async def changed_until(client: Client, coming: "asyncio.Future[Any]", **changes: Any) -> None:
    """Submit and withdraw until something has come: nobody knows from outside when a listener has begun to listen."""
    token, form = client.token_for("user-000900"), await client.data(FORM, code=POLYCLINIC)
    draft = {
        "organization": {"code": POLYCLINIC},
        "questionnaire": form["organization"]["questionnaire"]["id"],
        "scores": scored(PLAINNESS=4, INFORMATION=4, TIMELINESS=4, COURTESY=4, COMFORT=4),
        **changes,
    }
    number = 0
    while not coming.done():
        number += 1
        given = draft | {"idempotencyKey": f"meanwhile-{number}"}
        done = result(await client.query(SUBMIT, {"input": given}, token))
        result(await client.query(WITHDRAW, {"id": done["submission"]["id"]}, token))
        await asyncio.wait((coming,), timeout=0.5)
