"""What is filled in: the form of each organization, as the portal itself tells it, with the same scores each time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from benchmarks.peers.peer import body
from benchmarks.queries import document
from benchmarks.server import Server
from engine.meanings import global_ids


@dataclass(frozen=True)
class Form:
    """A questionnaire that was filled in: by its criteria in their places, with a score for each."""

    organization: str
    questionnaire: str
    criteria: Sequence[str]

    @property
    def scores(self) -> list[int]:
        """In the places of the criteria."""
        return [5 - place % 3 for place in range(len(self.criteria))]

    @property
    def questionnaire_id(self) -> int:
        """The key of the questionnaire."""
        return global_ids.key_of(self.questionnaire, "Questionnaire", "questionnaire")

    def input(self, key: str) -> dict[str, Any]:
        """SubmitQuestionnaireInput with an idempotency key."""
        pairs = zip(self.criteria, self.scores, strict=True)
        return {
            "organization": {"code": self.organization},
            "questionnaire": self.questionnaire,
            "channel": "ONLINE",
            "scores": [{"criterion": code, "score": score} for code, score in pairs],
            "idempotencyKey": key,
        }


def read(server: Server, codes: Sequence[str]) -> dict[str, Form]:
    """The forms of organizations by their code, but for those that demand further answers.

    A submission to any of them is the same statements.
    """
    answer = orjson.loads(server.post(body(document("forms"), {"codes": codes})))
    return {each["code"]: _form(each) for each in answer["data"]["organizationsByCode"] if not _demands(each)}


def _demands(organization: Mapping[str, Any]) -> bool:
    return any(each["required"] for each in organization["questionnaire"]["questions"])


def _form(organization: Mapping[str, Any]) -> Form:
    form = organization["questionnaire"]
    return Form(organization["code"], form["id"], [each["code"] for each in form["criteria"]])
