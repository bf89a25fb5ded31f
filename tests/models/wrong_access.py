"""What the database refuses of accounts, codes, sessions, mail, clients and invitations: a statement or more a rule."""

from typing import LiteralString

# ruff: noqa: S106, S107, S608 - the statements are put together from this file's own constants, and open nothing.

LATER: LiteralString = "now() + interval '1 day'"


def one_time_code(purpose: str, account: str = "NULL", registers: str = "NULL, NULL, NULL") -> str:
    """A statement that makes a code for registering, for setting a new password, or for another e-mail."""
    return f"""INSERT INTO one_time_code (purpose, digest, account_id, email, kind, hash, expires_at)
        VALUES ('{purpose}', 'd', {account}, {registers}, {LATER})"""


def session(kind: str, secret: str = "'s'", turn: str = "NULL", ended: str = "NULL") -> str:
    """A statement that opens a session, or writes down one that has ended."""
    return f"""INSERT INTO session (account_id, kind, secret_digest, turn_digest, agent, expires_at, ended_at)
        SELECT min(id), '{kind}', {secret}, {turn}, 'Firefox', {LATER}, {ended} FROM account"""


def mail(says: str = "'a@example.org', 'Subject', 'Body'", next_try: str = "now()", sent: str = "NULL") -> str:
    """A statement that writes a letter."""
    return f"""INSERT INTO mail (kind, recipient, subject, body, next_try_at, sent_at)
        SELECT min(kind), {says}, {next_try}, {sent} FROM unnest(enum_range(NULL::mail_kind)) AS kind"""


def client(**changes: str) -> str:
    """A statement that registers a client, some of its columns changed."""
    columns = {
        "code": "'desk'",
        "name": "'Desk'",
        "secret_digest": "'s'",
        "scopes": "'{submissions:write}'",
    } | changes
    return f"INSERT INTO client ({', '.join(columns)}) VALUES ({', '.join(columns.values())});"


def flow(**changes: str) -> str:
    """A statement that begins a sign-in through a provider, with more columns."""
    given = ("state_digest", "browser_digest", "provider", "verifier", "nonce", "next")
    columns = {**dict.fromkeys(given, "'a'"), "expires_at": LATER} | changes
    return f"INSERT INTO sign_in_flow ({', '.join(columns)}) VALUES ({', '.join(columns.values())})"


def invitation(visited: str = "current_date", answered: str = "NULL") -> str:
    """A statement that invites somebody to rate a visit."""
    return f"""{client()} INSERT INTO service_case (client_id, digest) SELECT id, 'c' FROM client;
        INSERT INTO invitation (case_id, token_digest, organization_id, service_id, visited_on, rater_kind, sent_on,
            expires_at, answered_on)
        SELECT service_case.id, 't', (SELECT min(id) FROM organization), (SELECT min(id) FROM service), {visited},
            'PERSON', current_date, {LATER}, {answered} FROM service_case"""


ACCOUNT = "(SELECT min(id) FROM account)"
ADDRESS = "'a@example.org', NULL, NULL"
REGISTERS = "'a@example.org', 'PERSON', 'hash'"

WRONG_ACCESS = {
    "ck_app_code_challenge_is_sha256": [f"INSERT INTO app_code SELECT 'd', {ACCOUNT}, 'short', {LATER}"],
    "ck_sign_in_flow_app_is_whole": [
        flow(redirect_uri="'com.example:/'"),
        flow(redirect_uri="'com.example:/'", app_state="'s'"),
        flow(challenge="'c'"),
    ],
    "ck_sign_in_flow_apps_link_nothing": [
        flow(redirect_uri="'com.example:/'", app_state="'s'", challenge="'c'", account_id=ACCOUNT)
    ],
    "ck_account_confirms_an_email": ["UPDATE account SET email = NULL, email_confirmed_at = now()"],
    "ck_one_time_code_is_of_an_account": [
        one_time_code("PASSWORD_RESET"),
        one_time_code("REGISTRATION", ACCOUNT, REGISTERS),
        one_time_code("EMAIL_CHANGE", registers=ADDRESS),
    ],
    "ck_one_time_code_registers_somebody": [
        one_time_code("REGISTRATION", registers=ADDRESS),
        one_time_code("REGISTRATION", registers="'a@example.org', 'PERSON', NULL"),
        one_time_code("EMAIL_CHANGE", ACCOUNT, REGISTERS),
    ],
    "ck_one_time_code_is_about_an_email": [
        one_time_code("REGISTRATION", registers="NULL, 'PERSON', 'hash'"),
        one_time_code("PASSWORD_RESET", ACCOUNT, ADDRESS),
        one_time_code("EMAIL_CHANGE", ACCOUNT),
    ],
    "ck_session_ended_has_no_secret": [session("BROWSER", ended="now()"), session("BROWSER", secret="NULL")],
    "ck_session_apps_take_turns": [session("APP"), session("BROWSER", turn="'t'")],
    "ck_mail_forgets_what_it_said": [mail(next_try="NULL"), mail(says="'a@example.org', NULL, 'Body'")],
    "ck_mail_is_sent_once": [mail(sent="now()")],
    "ck_client_is_a_client_code": [client(code="'-'"), client(code="'portal'"), client(code="repeat('x', 65)")],
    "ck_client_has_a_name": [client(name="' '"), client(name="repeat('x', 201)")],
    "ck_client_proves_itself_in_one_way": [client(secret_digest="NULL"), client(jwks="'{}'")],
    "ck_client_has_a_scope": [client(scopes="'{}'")],
    "ck_client_bound_has_a_hierarchy": [
        client(hierarchy="'SUBORDINATION'"),
        client(organization_id="(SELECT min(id) FROM organization)"),
    ],
    "uq_client_code": [client() + client()],
    "ck_invitation_visited_before": [invitation(visited="current_date + 1")],
    "ck_invitation_answered_after": [invitation(answered="current_date - 1")],
}
