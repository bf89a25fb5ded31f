"""Who reads which review, and what of it: all viewers, all states, compared with plain Python."""

from collections.abc import Callable, Mapping
from itertools import product
from typing import Any, LiteralString, NamedTuple

import psycopg
import pytest

from engine.meanings.global_ids import encode, key_of
from tests.citizens import Citizen
from tests.voices import Voice, official, reviewed, voice

STATES = ("PENDING", "PUBLISHED", "HIDDEN", "PRIVATE")
STATUSES = ("COUNTED", "WITHDRAWN", "REJECTED")
SEEN = """query($id: ID!) { node(id: $id) { ... on Review {
    text original isMasked state status mark verified channel service { code } scores { score } ground
    submission { id } organization { code } } } }"""
LISTED = "query($first: Int) { reviews(first: $first) { totalCount nodes { id } } }"
PUBLIC = """query($code: String!, $text: String) {
    organization(by: {code: $code}) { reviews(text: $text) { totalCount nodes { id text } } commendations } }"""
DRESSED: LiteralString = """
WITH made AS (
    INSERT INTO submission (organization_id, rater_id, rater_kind, questionnaire_id, service_id, channel, visited_on,
                            scores, submitted_at, submitted_on, status, status_at)
    SELECT organization.id, account.rater_id, 'PERSON', questionnaire.id, service.id, 'PHONE', current_date - 9,
           '{5,4,NULL}', now() - interval '8 days', current_date - 8, %s::submission_status, now()
    FROM organization, account, questionnaire, service
    WHERE organization.code = %s AND account.code = %s AND questionnaire.code = 'HEALTH' AND service.code = 'VISIT'
    RETURNING id
)
INSERT INTO review (submission_id, text, masked, state)
SELECT id, 'Doctor Jan Novak came late.', 'Doctor […] came late.', %s::review_state FROM made RETURNING submission_id"""

MERGE = """mutation { mergeOrganization(input: {organization: {code: "CLINIC"}, into: {code: "HOSPITAL"}}) {
    __typename ... on Problem { code } } }"""

# By account: the role, where it reaches in the trees of `tests.stage`, and the organization it was granted on.
OFFICIALS: Mapping[str, tuple[str, str, str, set[str]]] = {
    "citizen-11": ("STAFF", "HOSPITAL", "SUBORDINATION", {"HOSPITAL", "WARD"}),
    "citizen-12": ("SUPERVISOR", "INSPECTORATE", "SUPERVISION", {"INSPECTORATE", "HOSPITAL", "CLINIC"}),
    "citizen-13": ("MODERATOR", "REGION", "SUBORDINATION", {"REGION", "HOSPITAL", "CLINIC", "CLOSED", "WARD"}),
    "citizen-14": ("STAFF", "SCHOOL", "SUBORDINATION", {"SCHOOL"}),
    "citizen-15": ("OPERATOR", "MINISTRY", "SUBORDINATION", set()),
    "citizen-16": ("REGISTRAR", "MINISTRY", "SUBORDINATION", set()),
}


class Written(NamedTuple):
    """A review as the database has it."""

    id: str
    organization: str
    author: str
    state: str
    status: str

    def sees_closely(self, account: str | None) -> bool:
        """Whether somebody is its author or its official."""
        reach = OFFICIALS.get(account or "", ("", "", "", set()))[3]
        return account == self.author or (self.organization in reach and self.status != "WITHDRAWN")

    def is_public(self) -> bool:
        return (self.state, self.status) == ("PUBLISHED", "COUNTED")


@pytest.fixture
def viewers(author: Voice) -> dict[str | None, Voice]:
    """Nobody, a stranger, both authors, and officials here and elsewhere."""
    found: dict[str | None, Voice] = {
        each: voice(author, each) for each in (None, "citizen-9", "citizen-10", "company")
    }
    for account, (role, organization, hierarchy, _) in OFFICIALS.items():
        found[account] = official(author, account, role, organization, hierarchy)
    return found


@pytest.fixture
def written(author: Voice) -> list[Written]:
    """One review of each state and status at each of three organizations, by two authors."""
    found = []
    with psycopg.connect(author.url) as connection:
        for organization, state, status in product(("HOSPITAL", "WARD", "CLINIC"), STATES, STATUSES):
            account = "citizen-9" if organization == "WARD" else "citizen-10"
            ((key,),) = connection.execute(DRESSED, [status, organization, account, state]).fetchall()
            found.append(Written(encode("Review", key), organization, account, state, status))
    return found


async def test_everybody_sees_what_plain_python_says(viewers: dict[str | None, Voice], written: list[Written]) -> None:
    for (account, viewer), review in product(viewers.items(), written):
        seen = (await viewer.ask(SEEN, id=review.id)).data["node"]
        assert (seen is not None) == (review.is_public() or review.sees_closely(account)), (account, review)
        if seen:
            assert seen == expected(review, account), (account, review)


def expected(review: Written, account: str | None) -> dict[str, Any]:
    """What a review tells one who sees it."""
    closely = review.sees_closely(account)
    moderated = account in {"citizen-13", review.author}
    key = key_of(review.id, "Review", "id")
    told = {
        "original": "Doctor Jan Novak came late.",
        "status": review.status,
        "channel": "PHONE",
        "service": {"code": "VISIT"},
        "scores": [{"score": 5}, {"score": 4}],
    }
    public = {
        "text": "Doctor […] came late.",
        "isMasked": True,
        "state": review.state,
        "mark": "4.500000",
        "verified": False,
        "ground": None,
        "organization": {"code": review.organization},
        "submission": {"id": encode("Submission", key)} if moderated else None,
    }
    hidden = dict.fromkeys(told) | {"scores": []}
    return public | (told if closely else hidden)


async def test_lists_and_counts_have_what_an_official_sees(
    viewers: dict[str | None, Voice], written: list[Written]
) -> None:
    for account, viewer in viewers.items():
        reach = OFFICIALS.get(account or "", ("", "", "", set()))[3]
        theirs = {each.id for each in written if each.organization in reach and each.status != "WITHDRAWN"}
        listed = (await viewer.ask(LISTED, first=100)).data["reviews"]
        assert ({each["id"] for each in listed["nodes"]}, listed["totalCount"]) == (theirs, len(theirs)), account
        counts = (await viewer.ask("{ reviewCounts { total pending published hidden private masked } }")).data
        of_each = {each: sum(one.id in theirs and one.state == each for one in written) for each in STATES}
        assert counts["reviewCounts"] == {
            "total": len(theirs),
            "masked": len(theirs),
            **{state.lower(): number for state, number in of_each.items()},
        }


async def test_an_organizations_reviews_are_the_published_ones_whoever_asks(
    viewers: dict[str | None, Voice], written: list[Written]
) -> None:
    for viewer, code in product(viewers.values(), ("HOSPITAL", "WARD", "CLINIC", "REGION")):
        public = [each.id for each in written if each.is_public() and each.organization == code]
        found = (await viewer.ask(PUBLIC, code=code)).data["organization"]["reviews"]
        assert ([each["id"] for each in found["nodes"]], found["totalCount"]) == (public, len(public))


async def test_what_is_masked_is_found_by_nobody(viewers: dict[str | None, Voice], written: list[Written]) -> None:
    for viewer in viewers.values():
        for word, number in (("Novak", 0), ("came", 1), ("late doctor", 1)):
            found = (await viewer.ask(PUBLIC, code="HOSPITAL", text=word)).data["organization"]["reviews"]
            assert found["totalCount"] == number, word
    moderator = viewers["citizen-13"]
    query = "query($text: String!) { reviews(filter: {text: $text}) { totalCount } }"
    assert (await moderator.ask(query, text="novak")).data["reviews"]["totalCount"] == 0
    assert (await moderator.ask(query, text="docter")).data["reviews"]["totalCount"] > 0


async def test_a_review_goes_where_its_submission_goes(author: Voice, moderator: Voice, staff: Voice) -> None:
    id_ = await reviewed(author, "CLINIC")
    submission = encode("Submission", key_of(id_, "Review", "id"))
    assert (await voice(author, None).review(id_)) is not None
    await moderator.reject(submission)
    assert (await voice(author, None).review(id_)) is None
    await moderator.restore(submission)
    assert (await voice(author, None).review(id_)) is not None
    assert (await staff.ask(LISTED)).data["reviews"]["totalCount"] == 0
    operator = official(author, "citizen-15", "OPERATOR", "MINISTRY")
    assert (await operator.ask(MERGE)).data["mergeOrganization"]["__typename"] == "MergeOrganizationPayload"
    assert [each["id"] for each in (await staff.ask(LISTED)).data["reviews"]["nodes"]] == [id_]
    await author.withdraw(submission)
    assert (await staff.ask(LISTED)).data["reviews"]["totalCount"] == 0
    assert (await author.ask(SEEN, id=id_)).data["node"]["status"] == "WITHDRAWN"


@pytest.mark.parametrize("text", ["<script>alert(1)</script> & <b>", "{{7*7}} %s ' OR 1=1 --", "a\u202eb 🙂\nc"])
async def test_whatever_looks_like_code_comes_back_as_it_was_typed(author: Voice, text: str) -> None:
    id_ = await reviewed(author, text=text)
    found = (await voice(author, None).ask(PUBLIC, code="HOSPITAL")).data["organization"]["reviews"]["nodes"]
    assert found == [{"id": id_, "text": text}]


async def test_who_has_no_account_sees_the_review_in_the_answer_alone(
    new_citizen: Callable[[str | None], Citizen], author: Voice
) -> None:
    """The author's own submission tells its review; asked again, a private one is there for its author only."""
    found = await author.submit(comment="Only for you.", publishComment=False)
    id_ = encode("Review", key_of(found["submission"]["id"], "Submission", "id"))
    for account in (None, "citizen-8"):
        assert (await voice(author, account).review(id_)) is None
    assert (await author.ask(SEEN, id=id_)).data["node"]["state"] == "PRIVATE"
