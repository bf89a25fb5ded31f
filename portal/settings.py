"""Settings, from the environment."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from resolvers.languages import Language


class Settings(BaseSettings):
    """What differs between installations; README's table says the same."""

    model_config = SettingsConfigDict(env_prefix="PORTAL_", populate_by_name=True)

    database_url: str = Field(validation_alias="DATABASE_URL")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    home: Path = Path(".portal")
    language: Language = Language.RU
    # Connections of one process: reads and writes share them.
    pool_size: int = Field(default=10, ge=1)
    statement_timeout: str = "10s"

    @property
    def keys(self) -> Path:
        """The folder of the signing key, readable by the server's account only."""
        return self.home / "keys"
