"""The viewer: who is signed in, and what only they see of themselves."""

import strawberry
from strawberry import UNSET

from resolvers.accounts import accounts, my_data, viewers
from resolvers.officials import grants
from resolvers.submissions import submissions
from resolvers.voices import complaints
from schema.accounts.identities import Linked
from schema.connections import After, Before, First, Last, Node
from schema.enums.accounts import RaterKind, SessionKind
from schema.fields import Column, FromPlan, Object, Objects, computed, field
from schema.fields import Connection as Paged
from schema.officials.grants import GrantConnection
from schema.scalars import JSON, DateTime
from schema.submissions.submissions import SubmissionConnection
from schema.voices.complaints import ComplaintConnection


@strawberry.type(description="A browser or an app in which the viewer is signed in. Seen by its owner alone.")
class Session(Node):
    kind: SessionKind = field(Column(accounts.session_kind), "What holds it.")
    agent: str = field(
        Column(accounts.agent),
        "The families of the browser and of the system, as `Firefox, Windows`, or the app's name.",
    )
    is_current: bool = field(Column(accounts.is_current), "Whether this request is made in it.")
    opened_at: DateTime = field(Column(accounts.opened_at), "When it began.")
    last_seen_at: DateTime = field(Column(accounts.last_seen_at), "When it was used last, to within 10 minutes.")
    expires_at: DateTime = field(Column(accounts.expires_at), "When it ends unless it is used before.")
    ended_at: DateTime | None = field(Column(accounts.ended_at), "When it was ended; null while it is open.")


@strawberry.type(description="An account: what is known of a person or a company. Seen by its owner alone.")
class Account:
    code: str = field(Column(accounts.code), "Its code, by which the operator knows it.")
    email: str | None = field(Column(accounts.email), "The address that the portal writes to.")
    email_confirmed_at: DateTime | None = field(
        Column(accounts.email_confirmed_at),
        "When its owner showed to receive mail there; null for one that came with an import and was not used yet.",
    )
    registered_at: DateTime = field(Column(accounts.registered_at), "Since when it is there.")
    has_password: bool = field(Column(accounts.has_password), "Whether it can be signed in to with a password.")
    password_changed_at: DateTime | None = field(
        Column(accounts.password_changed_at), "When the password was set; null where there is none."
    )


@strawberry.type(description="Who is signed in.")
class Viewer(Linked):
    kind: RaterKind = field(Column(viewers.kind), "For whom the viewer speaks.")
    account: Account = field(Object(accounts.of_viewer), "The viewer's account.")
    sessions: list[Session] = field(
        Objects(accounts.sessions), "Where the viewer is signed in now, what was used last first."
    )

    my_data: JSON = field(
        Column(my_data.everything),
        "Everything that is kept about the viewer: an object with `account`, `sessions`, `identities`, `codes` and"
        " `letters` that wait, `roles`, `appointmentCodes`, `applications`, `submissions` (with scores, answers, reviews and rulings), `complaints` and"
        " `audit` (what the viewer did). For the viewer to keep and to read.",
    )

    @computed(Paged(submissions.of_viewer), "The viewer's own submissions, the latest first.")
    def submissions(
        self,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ) -> SubmissionConnection:
        raise FromPlan

    @computed(Paged(complaints.of_viewer), "The viewer's own complaints about reviews and replies, the latest first.")
    def complaints(
        self,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ) -> ComplaintConnection:
        raise FromPlan

    @computed(
        Paged(grants.of_viewer), "The viewer's own roles: those held, those over and those to come, the latest first."
    )
    def grants(
        self,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ) -> GrantConnection:
        raise FromPlan
