"""Messages: a row of the outbox as an e-mail."""

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime

from auth.emails import on_the_wire
from models.mail import MailKind

# Every server takes letters of seven bits; the text is encoded for it.
POLICY = SMTP.clone(cte_type="7bit")


@dataclass(frozen=True)
class Outgoing:
    """A message that is to be sent."""

    id: int
    kind: MailKind
    recipient: str
    subject: str
    body: str


def message_of(outgoing: Outgoing, sender: str) -> EmailMessage:
    """The e-mail: plain text, from a machine, and under the same id however often it is tried."""
    message = EmailMessage(POLICY)
    message["From"] = Address(addr_spec=sender)
    message["To"] = Address(addr_spec=on_the_wire(outgoing.recipient))
    message["Subject"] = outgoing.subject
    message["Date"] = format_datetime(localtime())
    message["Message-ID"] = f"<mail-{outgoing.id}@{sender.rpartition('@')[2]}>"
    # Machines that answer letters are asked not to answer this one (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(outgoing.body)
    return message
