"""Officials of `tests.stage` who write questionnaires and surveys, over the real application."""

from typing import Any

from tests.citizens import PROBLEM, result
from tests.officials import Official, appointed

SEEN = """id code version state title(language: EN) publishedAt retiredAt hierarchy owner { code }
    sphere { code } category { code } service { code } organization { code } survey { from to }
    criteria { code } questions { code text(language: EN) type required options { code text(language: EN) } }"""
READ = f"query($id: ID!) {{ node(id: $id) {{ ... on Questionnaire {{ {SEEN} }} }} }}"
ASKED = "query($code: String!) { organization(by: {code: $code}) { questionnaire { id code version } } }"
QUESTIONS: list[dict[str, Any]] = [
    {
        "code": "WAY",
        "texts": {"en": "How did you come?", "ru": "Как вы добрались?"},
        "type": "CHOICE",
        "required": True,
        "options": [{"code": "BUS", "texts": {"en": "By bus"}}, {"code": "FOOT", "texts": {"en": "On foot"}}],
    },
    {"code": "WHY", "texts": {"be": "Чаму?"}, "type": "TEXT"},
]


def content(**changes: Any) -> dict[str, Any]:
    """What a draft says that nothing is wrong with, some of it changed."""
    valid = {"titles": {"en": "New"}, "criteria": ["PLAIN", "POLITE"], "questions": QUESTIONS}
    return valid | changes


class Writer(Official):
    """Somebody who writes questionnaires, or tries to."""

    async def write(self, code: str = "NEW", owner: str | None = None, **changes: Any) -> Any:
        """The result of drafting one: a payload or a problem."""
        whose = None if owner is None else {"organization": {"code": owner}}
        return await self.change("draft", code=code, owner=whose, content=content(**changes))

    async def change(self, deed: str, /, **input_: Any) -> Any:
        """The result of a mutation: a payload or a problem."""
        name = deed[0].upper() + deed[1:] + "Questionnaire"
        told = "code version" if deed == "discard" else f"questionnaire {{ {SEEN} }}"
        text = f"""mutation($input: {name}Input!) {{ {deed}Questionnaire(input: $input) {{
            __typename {PROBLEM} ... on {name}Payload {{ {told} }} }} }}"""
        return result(await self.ask(text, input=input_))

    async def publish(self, questionnaire: str) -> Any:
        """The result of publishing a draft: a payload or a problem."""
        return await self.change("publish", questionnaire=questionnaire)

    async def retire(self, questionnaire: str) -> Any:
        """The result of retiring one: a payload or a problem."""
        return await self.change("retire", questionnaire=questionnaire)

    async def published(self, code: str = "NEW", owner: str | None = None, **changes: Any) -> str:
        """The id of a new one, which is shown."""
        drafted = (await self.write(code, owner, **changes))["questionnaire"]["id"]
        done = await self.publish(drafted)
        assert done["__typename"] == "PublishQuestionnairePayload", done
        return str(drafted)

    async def read(self, questionnaire: str) -> Any:
        """A questionnaire as it is seen; None for not at all."""
        return (await self.ask(READ, id=questionnaire)).data["node"]

    async def asked(self, organization: str) -> tuple[str, int]:
        """Which form is shown at an organization now."""
        found = (await self.ask(ASKED, code=organization)).data["organization"]["questionnaire"]
        return found["code"], found["version"]


def writer_of(citizen: Any, account: str, role: str, organization: str, hierarchy: str = "SUBORDINATION") -> Writer:
    """The holder of an account, from now on with a role, in the country of another citizen."""
    appointed(citizen, account, role, organization, hierarchy)
    return Writer(citizen.client, citizen.url, account)
