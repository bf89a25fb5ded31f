"""Questionnaires are drafted, seen by their owners, published, replaced and retired; and never change once published."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from tests.citizens import Citizen
from tests.questionnaires import QUESTIONS, Writer, content, writer_of
from tests.stage import id_of
from tests.trails import trail

NewCitizen = Callable[[str | None], Citizen]
CHANGED = """SELECT (SELECT sum(hashtextextended(t::text, 0)) FROM questionnaire AS t),
    (SELECT sum(hashtextextended(t::text, 0)) FROM question AS t),
    (SELECT sum(hashtextextended(t::text, 0)) FROM question_option AS t),
    (SELECT sum(hashtextextended(t::text, 0)) FROM questionnaire_criterion AS t), (SELECT count(*) FROM audit_event)"""


@pytest.fixture
def operator(new_citizen: NewCitizen) -> Writer:
    return writer_of(new_citizen(None), "citizen-20", "OPERATOR", "LONER")


@pytest.fixture
def supervisor(new_citizen: NewCitizen) -> Writer:
    """Oversees REGION."""
    return writer_of(new_citizen(None), "citizen-21", "SUPERVISOR", "REGION")


def stored(url: str) -> Any:
    """Numbers that change whenever a questionnaire or the trail does."""
    with psycopg.connect(url) as connection:
        return connection.execute(CHANGED).fetchall()


async def test_a_draft_is_seen_as_it_will_be_by_its_owner_and_the_operator_alone(
    operator: Writer, supervisor: Writer, new_citizen: NewCitizen
) -> None:
    drafted = await supervisor.write(
        owner="REGION", appliesTo={"sphere": "HEALTH"}, criteria=["CLEAN", "POLITE", "PLAIN"]
    )
    assert drafted["__typename"] == "DraftQuestionnairePayload", drafted
    seen = drafted["questionnaire"]
    expected: list[dict[str, Any]] = [
        {"code": "WAY", "text": "How did you come?", "type": "CHOICE", "required": True},
        {"code": "WHY", "text": "Чаму?"},
    ]
    assert seen["questions"][0]["options"] == [{"code": "BUS", "text": "By bus"}, {"code": "FOOT", "text": "On foot"}]
    assert [{name: q[name] for name in e} for q, e in zip(seen["questions"], expected, strict=True)] == expected
    assert [each["code"] for each in seen["criteria"]] == ["CLEAN", "POLITE", "PLAIN"]
    assert (seen["code"], seen["version"], seen["state"], seen["title"]) == ("NEW", 1, "DRAFT", "New")
    assert (seen["owner"], seen["hierarchy"], seen["sphere"]) == (
        {"code": "REGION"},
        "SUBORDINATION",
        {"code": "HEALTH"},
    )
    others = [
        ("citizen-22", "SUPERVISOR", "MINISTRY"),
        ("citizen-23", "SUPERVISOR", "HOSPITAL"),
        ("citizen-24", "HEAD", "REGION"),
    ]
    strangers = [writer_of(new_citizen(None), *other) for other in others]
    strangers += [
        writer_of(new_citizen(None), "citizen-19", "SUPERVISOR", "REGION", "SUPERVISION"),
        Writer(operator.client, operator.url, "citizen-1"),
        Writer(operator.client, operator.url, None),
    ]
    for stranger in strangers:
        assert await stranger.read(seen["id"]) is None
        assert await listed(stranger) == []
    for owner in (operator, supervisor):
        assert await owner.read(seen["id"]) == seen
        assert await listed(owner) == ["NEW"]
    await supervisor.publish(seen["id"])
    for stranger in strangers:
        assert (await stranger.read(seen["id"]))["state"] == "PUBLISHED"


async def listed(viewer: Writer) -> list[str]:
    """The drafts that somebody finds, without the stage's own."""
    query = "{ questionnaires(state: [DRAFT]) { nodes { code } } }"
    found = (await viewer.ask(query)).data["questionnaires"]["nodes"]
    return [each["code"] for each in found if each["code"] != "DRAFT"]


async def test_a_draft_is_written_anew_and_thrown_away(supervisor: Writer) -> None:
    key = (await supervisor.write(owner="REGION", appliesTo={"organization": {"code": "WARD"}}))["questionnaire"]["id"]
    told = content(titles={"ru": "Иная"}, questions=QUESTIONS[1:], appliesTo={"service": "VISIT"}, criteria=[])
    changed = (await supervisor.change("change", questionnaire=key, content=told))["questionnaire"]
    assert (changed["title"], changed["organization"], changed["service"]) == ("Иная", None, {"code": "VISIT"})
    assert (changed["criteria"], [each["code"] for each in changed["questions"]]) == ([], ["WHY"])
    gone = await supervisor.change("discard", questionnaire=key)
    assert gone == {"__typename": "DiscardQuestionnairePayload", "code": "NEW", "version": 1}
    assert await supervisor.read(key) is None
    assert trail(supervisor.url) == [
        ("citizen-21", f"QUESTIONNAIRE_{deed}", "REGION", {"code": "NEW", "version": 1})
        for deed in ("DRAFTED", "CHANGED", "DISCARDED")
    ]


async def test_an_owners_form_is_shown_below_it_and_nowhere_else(operator: Writer, supervisor: Writer) -> None:
    places = ("MINISTRY", "REGION", "HOSPITAL", "CLINIC", "WARD", "SCHOOL")
    before = {place: await operator.asked(place) for place in places}
    await supervisor.published("OURS", "REGION", appliesTo={"sphere": "HEALTH"})
    after = {place: await operator.asked(place) for place in places}
    assert {place for place in places if after[place] == ("OURS", 1)} == {"HOSPITAL", "CLINIC"}
    assert {place: form for place, form in after.items() if form != before[place]}.keys() == {"HOSPITAL", "CLINIC"}
    await operator.published("ALL-HEALTH", appliesTo={"sphere": "HEALTH"})
    assert await operator.asked("HOSPITAL") == ("OURS", 1)
    await operator.published("THIS-ONE", appliesTo={"organization": {"code": "HOSPITAL"}})
    assert await operator.asked("HOSPITAL") == ("THIS-ONE", 1)
    await supervisor.published("EVERY", "REGION")
    assert (await operator.asked("CLINIC"), await operator.asked("REGION")) == (("OURS", 1), before["REGION"])


async def test_a_new_version_takes_the_place_of_the_current_one_which_is_taken_a_while(
    operator: Writer, new_citizen: NewCitizen
) -> None:
    first = await operator.published(appliesTo={"organization": {"code": "HOSPITAL"}}, questions=[])
    second = await operator.published(appliesTo={"organization": {"code": "HOSPITAL"}}, questions=[])
    assert await operator.asked("HOSPITAL") == ("NEW", 2)
    seen = [await operator.read(key) for key in (first, second)]
    assert [(each["version"], each["state"]) for each in seen] == [(1, "RETIRED"), (2, "PUBLISHED")]
    assert seen[0]["retiredAt"] == seen[1]["publishedAt"]
    details = [details for _, action, _, details in trail(operator.url) if action == "QUESTIONNAIRE_PUBLISHED"]
    assert details == [{"code": "NEW", "version": 1}, {"code": "NEW", "version": 2, "replaces": 1}]
    shown = await new_citizen("citizen-7").submit("HOSPITAL", questionnaire=first)
    assert shown["__typename"] == "SubmitQuestionnairePayload", shown
    back(operator.url, hours=25)
    late = await new_citizen("citizen-8").submit("HOSPITAL", questionnaire=first)
    assert late["code"] == "QUESTIONNAIRE_RETIRED"


async def test_a_retired_one_takes_nothing_more_at_once(operator: Writer, new_citizen: NewCitizen) -> None:
    before = await operator.asked("HOSPITAL")
    key = await operator.published(appliesTo={"organization": {"code": "HOSPITAL"}}, questions=[])
    retired = (await operator.retire(key))["questionnaire"]
    assert (retired["state"], await operator.asked("HOSPITAL")) == ("RETIRED", before)
    refused = await new_citizen("citizen-7").submit("HOSPITAL", questionnaire=key)
    assert refused == {
        "__typename": "InvalidInputProblem",
        "code": "QUESTIONNAIRE_RETIRED",
        "path": ["input", "questionnaire"],
    }
    taken = await new_citizen("citizen-7").submit("HOSPITAL")
    assert taken["__typename"] == "SubmitQuestionnairePayload"


async def test_repeated_nothing_changes(operator: Writer) -> None:
    key = await operator.published(appliesTo={"sphere": "HEALTH"})
    done, published = stored(operator.url), await operator.publish(key)
    assert (published["questionnaire"]["state"], stored(operator.url)) == ("PUBLISHED", done)
    await operator.retire(key)
    done, retired = stored(operator.url), await operator.retire(key)
    assert (retired["questionnaire"]["state"], stored(operator.url)) == ("RETIRED", done)
    assert (await operator.publish(key))["code"] == "QUESTIONNAIRE_RETIRED"
    assert stored(operator.url) == done


async def test_the_last_one_for_everyone_stays(operator: Writer, form: Callable[..., str]) -> None:
    before, general = stored(operator.url), form("GENERAL", 3)
    assert (await operator.retire(general))["code"] == "QUESTIONNAIRE_NEEDED"
    assert stored(operator.url) == before
    await operator.published("OTHER")
    assert (await operator.retire(general))["questionnaire"]["state"] == "RETIRED"


async def test_what_is_published_never_changes(operator: Writer) -> None:
    key = await operator.published(appliesTo={"sphere": "HEALTH"})
    before = stored(operator.url)
    refused = [
        await operator.change("change", questionnaire=key, content=content()),
        await operator.change("discard", questionnaire=key),
    ]
    assert {each["code"] for each in refused} == {"QUESTIONNAIRE_PUBLISHED"}
    assert stored(operator.url) == before


LONG = "x" * 1001
TWICE = [QUESTIONS[1], QUESTIONS[1]]
NO_OPTION = [{**QUESTIONS[0], "options": []}]
OF_TEXT = [{**QUESTIONS[1], "options": QUESTIONS[0]["options"]}]
SAME = [{**QUESTIONS[0], "options": [QUESTIONS[0]["options"][0]] * 2}]
MANY = [{**QUESTIONS[1], "code": f"Q{number}"} for number in range(51)]
WINDOW = {"from": "2030-01-02", "to": "2030-01-01"}


WRONG: list[tuple[Any, str, str]] = [
    ({"titles": {}}, "TEXT_MISSING", "titles"),
    ({"titles": {"be": " "}}, "TEXT_BLANK", "titles.be"),
    ({"titles": {"en": "x" * 501}}, "TEXT_TOO_LONG", "titles.en"),
    ({"titles": {"en": "a\0b"}}, "TEXT_INVALID", "titles.en"),
    ({"criteria": ["PLAIN", "NOTHING"]}, "CRITERION_UNKNOWN", "criteria.1"),
    ({"criteria": ["PLAIN", "PLAIN"]}, "CRITERION_REPEATED", "criteria.0"),
    ({"criteria": [f"C{number}" for number in range(17)]}, "TOO_MANY", "criteria"),
    ({"criteria": ["\0"]}, "TEXT_INVALID", "criteria.0"),
    ({"questions": MANY}, "TOO_MANY", "questions"),
    ({"questions": TWICE}, "QUESTION_REPEATED", "questions.0.code"),
    ({"questions": NO_OPTION}, "OPTIONS_MISFIT", "questions.0.options"),
    ({"questions": OF_TEXT}, "OPTIONS_MISFIT", "questions.0.options"),
    ({"questions": SAME}, "OPTION_REPEATED", "questions.0.options.0.code"),
    ({"questions": [{**QUESTIONS[1], "code": "-"}]}, "CODE_INVALID", "questions.0.code"),
    ({"questions": [{**QUESTIONS[1], "texts": {"en": LONG}}]}, "TEXT_TOO_LONG", "questions.0.texts.en"),
    ({"appliesTo": {"sphere": "NOTHING"}}, "SPHERE_UNKNOWN", "appliesTo.sphere"),
    ({"appliesTo": {"category": "NOTHING"}}, "CATEGORY_UNKNOWN", "appliesTo.category"),
    ({"appliesTo": {"service": "\0"}}, "TEXT_INVALID", "appliesTo.service"),
    ({"appliesTo": {"organization": {"code": "NOBODY"}}}, "ORGANIZATION_UNKNOWN", "appliesTo.organization"),
    ({"appliesTo": {"organization": {"code": "REGION"}}}, "BEYOND_BOUNDS", "appliesTo.organization"),
    ({"appliesTo": {"organization": {"code": "SCHOOL"}}}, "BEYOND_BOUNDS", "appliesTo.organization"),
    ({"survey": WINDOW, "criteria": []}, "PERIOD_BACKWARDS", "survey.from"),
    ({"survey": {**WINDOW, "from": "2030-01-01"}}, "SURVEY_HAS_CRITERIA", "criteria"),
]
NOT_WHOLE: list[tuple[Any, str]] = [
    ({"criteria": ["PLAIN"]}, "CRITERION_MISSING"),
    ({"criteria": []}, "CRITERION_MISSING"),
    ({"criteria": ["PLAIN", "POLITE", "CLEAN"], "appliesTo": {"sphere": "SCHOOL"}}, "CRITERION_DOES_NOT_APPLY"),
    ({"criteria": ["PLAIN", "POLITE", "CLEAN"]}, "CRITERION_DOES_NOT_APPLY"),
    ({"criteria": [], "questions": [], "survey": {"from": "2030-01-01", "to": "2030-01-01"}}, "QUESTION_MISSING"),
    ({"criteria": [], "survey": {"from": "2020-01-01", "to": "2020-01-01"}}, "SURVEY_OVER"),
]
TARGETS = [{"sphere": "HEALTH"}, {"category": "HEALTH-CARE"}, {"service": "VISIT"}, {"organization": {"code": "WARD"}}]


async def test_a_draft_that_cannot_be_is_refused(supervisor: Writer) -> None:
    before = stored(supervisor.url)
    for changes, code, path in WRONG:
        refused = await supervisor.write(owner="REGION", **changes)
        assert (refused.get("code"), ".".join(refused.get("path", ()))) == (code, f"input.content.{path}"), changes
    assert stored(supervisor.url) == before


async def test_a_draft_that_is_not_whole_is_not_published(operator: Writer) -> None:
    for number, (changes, code) in enumerate(NOT_WHOLE):
        key = (await operator.write(f"NEW-{number}", **changes))["questionnaire"]["id"]
        before = stored(operator.url)
        assert (await operator.publish(key)).get("code") == code, changes
        assert stored(operator.url) == before


async def test_an_additional_criterion_has_its_place_where_its_sphere_is(operator: Writer) -> None:
    for number, target in enumerate(TARGETS):
        key = await operator.published(f"NEW-{number}", appliesTo=target, criteria=["PLAIN", "POLITE", "CLEAN"])
        assert (await operator.read(key))["state"] == "PUBLISHED", target


async def test_a_code_is_its_owners_and_has_one_draft(operator: Writer, supervisor: Writer) -> None:
    await supervisor.write(owner="REGION")
    before = stored(operator.url)
    assert (await supervisor.write(owner="REGION"))["code"] == "DRAFT_EXISTS"
    assert (await operator.write())["code"] == "CODE_TAKEN"
    window = {"from": "2030-01-01", "to": "2030-01-01"}
    assert (await operator.write("GENERAL", survey=window, criteria=[]))["code"] == "CODE_TAKEN"
    assert (await operator.write("-"))["code"] == "CODE_INVALID"
    assert stored(operator.url) == before
    assert (await operator.write("GENERAL"))["questionnaire"]["version"] == 4


async def test_who_may_not_is_refused_and_nothing_changes(
    operator: Writer, supervisor: Writer, new_citizen: NewCitizen
) -> None:
    draft = (await operator.write(appliesTo={"sphere": "HEALTH"}))["questionnaire"]["id"]
    other = writer_of(new_citizen(None), "citizen-22", "SUPERVISOR", "SCHOOL")
    head = Writer(operator.client, operator.url, "head")
    general, before = id_of(operator.url, "Questionnaire", "GENERAL", 3), stored(operator.url)
    for writer in (supervisor, other):
        for deed in ("publish", "retire", "discard"):
            assert (await writer.change(deed, questionnaire=draft))["code"] == "QUESTIONNAIRE_UNKNOWN"
    ask = "mutation($id: ID!) { retireQuestionnaire(input: {questionnaire: $id}) { __typename } }"
    for writer in (supervisor, other, head):
        assert (await writer.ask(ask, id=general)).refusal == ("FORBIDDEN", None)
    owned = """mutation($owner: String!) { draftQuestionnaire(input: {code: "X", content: {titles: {en: "X"}},
        owner: {organization: {code: $owner}}}) { __typename } }"""
    for writer, owner in ((supervisor, "MINISTRY"), (supervisor, "HOSPITAL"), (other, "REGION"), (head, "HOSPITAL")):
        assert (await writer.ask(owned, owner=owner)).refusal == ("FORBIDDEN", None)
    assert stored(operator.url) == before


async def test_an_owner_stands_in_its_tree(operator: Writer) -> None:
    refused = await operator.write(owner="LONER")
    assert (refused["code"], refused["path"]) == ("NOT_IN_TREE", ["input", "owner", "hierarchy"])


def back(url: str, hours: int) -> None:
    """Let all of NEW have been published and retired some hours earlier, past the trigger that forbids it."""
    with psycopg.connect(url) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(
            """UPDATE questionnaire SET published_at = published_at - make_interval(hours => %s),
               retired_at = retired_at - make_interval(hours => %s) WHERE code = 'NEW'""",
            [hours, hours],
        )
