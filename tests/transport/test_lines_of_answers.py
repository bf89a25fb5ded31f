"""The log's line for each answer, where it is wished: it tells nothing of whom was answered, nor what about."""

from pathlib import Path

from structlog.testing import capture_logs

from tests.browsers import CHEAP, PASSWORD, browser_of, with_password
from tests.citizens import Citizen
from tests.clients import client_of

# What a line has, as docs/operations.md tells, and what the log adds to each.
TOLD = {"event", "log_level", "request_id", "kind", "operation", "code", "cost", "milliseconds"}
CITIZEN = "citizen-1"
EMAIL = "somebody.private@example.org"
TEXT = "My mother Maria waited for her operation"
EMPLOYEE = "Dr Ivan Ivanov"
NUMBER = "+375291234567"
WRITTEN = f'query Find {{ organizations(filter: {{text: "{EMAIL}"}}) {{ totalCount }} }}'
GIVEN = "query Found($text: String!) { organizations(filter: {text: $text}) { totalCount } }"
REFUSED = "query Refused($first: Int!) { organizations(first: $first) { totalCount } }"


async def test_lines_have_nothing_of_people_or_of_what_they_say(stage_url: str, tmp_path: Path) -> None:
    signed = with_password(stage_url, CITIZEN)
    async with client_of(stage_url, tmp_path, log_requests=True, **CHEAP) as client, browser_of(client) as browser:
        with capture_logs() as lines:
            answered = await browser.sign_in(signed, client="APP")
            refused = await browser.sign_in(EMAIL, "not " + PASSWORD)
            done = await Citizen(client, stage_url, CITIZEN).submit(comment=TEXT, employee=EMPLOYEE)
            for text, variables in ((WRITTEN, {}), (GIVEN, {"text": EMAIL}), (REFUSED, {"first": NUMBER})):
                await client.query(text, variables, client.token_for(CITIZEN))
    assert answered["__typename"] == "SignInPayload"
    assert refused["__typename"] != "SignInPayload"
    assert done["__typename"] == "SubmitQuestionnairePayload"
    changes, reads = [("mutation", None)] * 3, [("query", name) for name in ("Find", "Found", "Refused")]
    assert [(line["kind"], line["operation"]) for line in lines] == changes + reads
    assert {name for line in lines for name in line} == TOLD
    tokens = [answered["accessToken"], answered["refreshToken"], done["submission"]["id"]]
    for private in (signed, CITIZEN, PASSWORD, EMAIL, TEXT, EMPLOYEE, NUMBER, "127.0.0.1", *tokens):
        assert private not in repr(lines), private
