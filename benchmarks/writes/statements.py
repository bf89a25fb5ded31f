"""The statements of a submission, as the portal sends them: the locks, what is asked, then what is written."""

from typing import Any

from benchmarks.writes.forms import Form
from models import counting
from resolvers.submissions import forms, submitting

SITUATION = submitting.situation(submitting.Reference(by_id=False, with_service=False))

LOCKS = (counting.SHARE_TREES, counting.LOCK_RATER)
ASKED = (submitting.EARLIER, SITUATION, forms.CRITERIA, forms.QUESTIONS)
WRITTEN = (submitting.INSERT, submitting.FORGET, counting.COUNT)


def values(form: Form, key: str) -> dict[str, Any]:
    """The values of all that does not come from the situation, nor tells who the rater is."""
    return {
        "organization": form.organization,
        "questionnaire": form.questionnaire_id,
        "channel": "ONLINE",
        "scores": form.scores,
        "service_id": None,
        "placement": None,
        "visited_on": None,
        "verified": False,
        "key": key,
        "idempotency_key": key,
        "sign": 1,
    }


def found(situation: Any) -> dict[str, Any]:
    """The values that come from the situation, by the names under which they are written."""
    return {
        "id": situation.id,
        "submission": situation.id,
        "organization_id": situation.organization_id,
        "questionnaire_id": situation.questionnaire_id,
        "submitted_at": situation.moment,
        "submitted_on": situation.today,
    }
