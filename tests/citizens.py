"""People of `tests.stage` who submit and withdraw, over the real application."""

import secrets
from dataclasses import dataclass
from typing import Any

from tests.clients import Answer, Client
from tests.stage import id_of

PROBLEM = "... on Problem { code path }"
DONE = "submission { id status mark comment scores { criterion { code } score } } organization { code }"
SUBMIT = f"""mutation($input: SubmitQuestionnaireInput!) {{
    submitQuestionnaire(input: $input) {{
        __typename {PROBLEM} ... on NotEligibleProblem {{ reason nextAt }}
        ... on SubmitQuestionnairePayload {{ {DONE} }}
    }}
}}"""
WITHDRAW = f"""mutation($id: ID!) {{
    withdrawSubmission(input: {{submission: $id}}) {{
        __typename {PROBLEM} ... on WithdrawSubmissionPayload {{ {DONE} }}
    }}
}}"""
# The form of each organization that may be shown to everyone there now.
FORMS = {"HOSPITAL": ("HEALTH", 1), "CLINIC": ("HEALTH", 1), "CLOSED": ("HEALTH", 1), "WARD": ("WARD", 1)}
GENERAL = ("GENERAL", 3)


def scored(**scores: int) -> list[dict[str, Any]]:
    """Scores by the codes of criteria, as an input has them."""
    return [{"criterion": code, "score": score} for code, score in scores.items()]


def answered(**answers: list[str]) -> list[dict[str, Any]]:
    """Answers by the codes of questions, as an input has them."""
    return [{"question": code, "values": values} for code, values in answers.items()]


@dataclass(frozen=True)
class Citizen:
    """Somebody with an account, or nobody in particular where it is None."""

    client: Client
    url: str
    account: str | None

    def draft(self, organization: str = "HOSPITAL", /, **changes: Any) -> dict[str, Any]:
        """An input that nothing is wrong with, some fields of it changed; each has a key of its own."""
        form = id_of(self.url, "Questionnaire", *FORMS.get(organization, GENERAL))
        valid = {
            "organization": {"code": organization},
            "questionnaire": form,
            "scores": scored(PLAIN=5, POLITE=4),
            "idempotencyKey": secrets.token_hex(8),
        }
        return valid | changes

    async def send(self, draft: dict[str, Any]) -> Answer:
        """The whole answer to a draft."""
        return await self._ask(SUBMIT, {"input": draft})

    async def submit(self, organization: str = "HOSPITAL", /, **changes: Any) -> Any:
        """The result of submitting a draft: a payload or a problem."""
        return result(await self.send(self.draft(organization, **changes)))

    async def withdraw(self, submission: str) -> Any:
        """The result of withdrawing a submission: a payload or a problem."""
        return result(await self._ask(WITHDRAW, {"id": submission}))

    async def _ask(self, operation: str, variables: dict[str, Any]) -> Answer:
        token = None if self.account is None else self.client.token_for(self.account)
        return await self.client.query(operation, variables, token)


def result(answer: Answer) -> Any:
    """The result of the one mutation in an answer that nothing is wrong with."""
    assert not answer.errors, answer.errors
    (found,) = answer.data.values()
    return found
