"""Settings, from the environment."""

from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from auth.providers import apps, configuration
from events.post import post_at
from resolvers.languages import Language
from transport.persisted import trusted


class Settings(BaseSettings):
    """What differs between installations; README's table says the same."""

    model_config = SettingsConfigDict(env_prefix="PORTAL_", populate_by_name=True)

    database_url: str = Field(validation_alias="DATABASE_URL")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    home: Path = Path(".portal")
    # Where the keys are, if not in the home: all servers of an installation share them.
    keys: Path | None = None
    # Who issues tokens, as a URL without a slash at its end: the address by which others reach the portal.
    issuer: str = Field(default="http://localhost:8000", pattern=r"^https?://[^/?#\s]+(/[^?#\s]*[^/?#\s])?$")
    # For whom they are issued.
    audience: str = Field(default="rating-portal", min_length=1)
    language: Language = Language.RU
    # Connections of one process: reads and writes share them.
    pool_size: int = Field(default=10, ge=1)
    # How many of them quick reads use at once, in each process. PostgreSQL is fastest with about twice as many as it has
    # processors, and one: several processes divide that among them.
    reads_at_once: int = Field(default=5, ge=1)
    statement_timeout: str = "10s"
    # Where people see the portal: links in mail lead there, and a session's cookie is taken from there only.
    public_url: str = Field(default="http://localhost:8000", pattern=r"^https?://[^/?#\s]+(/[^?#\s]*[^/?#\s])?$")
    # Under which licence open data are published: every file says so.
    licence: str = "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/"
    # The file that configures who may be signed in through (docs/sign-in.md); empty for nobody.
    providers: str = ""
    # Where apps may be called back after a sign-in through a provider, with blanks between (docs/sign-in.md).
    app_redirects: str = ""
    # What a password's hash takes (argon2id): KiB of memory, and passes over it. OWASP's least are the defaults.
    password_memory: int = Field(default=19_456, ge=8)
    password_passes: int = Field(default=2, ge=1)
    # The mail server, as smtp://user:password@host:587 or smtps://...; without one, mail is written to files.
    mail_url: SecretStr = SecretStr("")
    mail_from: str = Field(default="portal@localhost", pattern=r"^[^@\s]+@[^@\s]+$")
    # How often this process looks for mail to be sent; 0 for never.
    mail_seconds: float = Field(default=1.0, ge=0)
    # How long an app's access token is good for; its session can be ended at any time.
    access_minutes: int = Field(default=10, ge=1, le=60)

    # Proxies, as addresses or networks with commas between, whose word counts on who asks (X-Forwarded-For).
    proxies: str = ""
    # Where processes count budgets and keep registered documents together: redis://host:6379/0; empty for each alone.
    redis_url: SecretStr = SecretStr("")
    # Points a minute (docs/limits.md) for an address of strangers, an account, another system; 0 for no limit.
    points: int = Field(default=100_000, ge=0)
    points_accounts: int = Field(default=100_000, ge=0)
    points_systems: int = Field(default=1_000_000, ge=0)
    # WebSockets and event streams that are open at once, for each of these, and in one process in all; 0 for no limit.
    connections: int = Field(default=500, ge=0)
    connections_accounts: int = Field(default=50, ge=0)
    connections_systems: int = Field(default=1_000, ge=0)
    connections_all: int = Field(default=10_000, ge=0)
    # How many points one operation may cost at most.
    cost: int = Field(default=60_000, ge=1)
    # How long a read may take in all, in seconds.
    read_seconds: float = Field(default=15.0, gt=0)
    # How long the system keeps what a client does not take, in seconds; then the connection is gone.
    untaken_seconds: float = Field(default=60.0, ge=1)
    # Whether the schema is told to whoever asks for it (`__schema`, `__type`, `_service`).
    introspection: bool = True
    # Who asks for /metrics sends this as a bearer token; empty for nobody, and no such page.
    metrics_token: SecretStr = SecretStr("")
    # Where a collector takes traces, by OTLP over HTTP: http://collector:4318/v1/traces; empty for none.
    traces_url: str = ""
    # Whether each answer is a line of the log.
    log_requests: bool = False
    # The file of trusted documents, and whether nothing else is answered.
    documents: str = ""
    documents_only: bool = False

    @field_validator("mail_url")
    @classmethod
    def _is_a_mail_server(cls, url: SecretStr) -> SecretStr:
        """Refuse at the start what no mail could be sent to."""
        post_at(url.get_secret_value(), cls.model_fields["mail_from"].default, Path())
        return url

    @field_validator("providers")
    @classmethod
    def _are_sound(cls, path: str) -> str:
        if path:
            configuration.read(Path(path))
        return path

    @field_validator("app_redirects")
    @classmethod
    def _are_of_apps(cls, addresses: str) -> str:
        apps.Redirects.of(addresses)
        return addresses

    @field_validator("documents")
    @classmethod
    def _are_documents(cls, path: str) -> str:
        trusted(path)
        return path

    @property
    def keys_folder(self) -> Path:
        """The folder of the keys, readable by the servers' account only."""
        return self.keys or self.home / "keys"
