"""Settings, from environment variables only."""

from datetime import datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SHANGHAI = ZoneInfo("Asia/Shanghai")


class BadSettings(Exception):
    """A variable cannot be used; the message is one sentence that names it."""


class Settings(BaseSettings):
    """What can be set; each is `XINGCUN_` and the name in capitals, but for `BOT_TOKEN`.

    Without a bot token the program is in trial: it serves its own web chat instead of Telegram.
    """

    model_config = SettingsConfigDict(
        env_prefix="XINGCUN_", extra="ignore", frozen=True, env_ignore_empty=True
    )

    bot_token: SecretStr | None = Field(default=None, validation_alias="BOT_TOKEN")
    bot_api_url: str | None = None
    data_dir: Path = Path("data")
    database_url: SecretStr | None = None
    synchronous: Literal["FULL", "NORMAL"] = "FULL"
    now: datetime | None = None
    webchat_key: SecretStr | None = None
    webchat_port: int = Field(default=8765, ge=0, le=65535)
    webchat_faults: bool = False
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    rate_overall: float = Field(default=30, gt=0)
    rate_chat: float = Field(default=1, gt=0)
    burst_chat: int = Field(default=5, ge=1)
    drain_seconds: float = Field(default=5, ge=0)

    @field_validator("bot_token")
    @classmethod
    def _token_is_a_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return None
        number, _, secret = value.get_secret_value().partition(":")
        if not number.isdecimal() or len(secret) < 3:
            raise ValueError("a bot token looks like 123456:ABC-DEF")
        return value

    @field_validator("bot_api_url")
    @classmethod
    def _url_is_http(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("it must begin with http:// or https://")
        return value

    @field_validator("database_url")
    @classmethod
    def _database_is_known(cls, value: SecretStr | None) -> SecretStr | None:
        known = ("sqlite:///", "postgresql://", "postgres://")
        if value is not None and not value.get_secret_value().startswith(known):
            raise ValueError(f"it must begin with one of {', '.join(known)}")
        return value

    @field_validator("now")
    @classmethod
    def _now_is_in_shanghai(cls, value: datetime | None) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=SHANGHAI)

    @property
    def trial(self) -> bool:
        """True when the program talks to its own web chat instead of Telegram."""
        return self.bot_token is None

    @property
    def channel(self) -> Literal["telegram", "webchat"]:
        """Where the persons of this process come from."""
        return "webchat" if self.trial else "telegram"

    @property
    def database_address(self) -> str:
        """The database's address; a SQLite file in the data folder unless told otherwise."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_dir / 'xingcun.sqlite3'}"

    @property
    def database_file(self) -> Path | None:
        """The SQLite file; None on PostgreSQL."""
        scheme, _, path = self.database_address.partition(":///")
        return Path(path) if scheme.startswith("sqlite") else None


def read_settings() -> Settings:
    """The settings of this process; raises BadSettings."""
    try:
        return Settings()
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False)[0]
        field = str(problem["loc"][0])
        variable = field if field == "BOT_TOKEN" else f"XINGCUN_{field.upper()}"
        reason = problem["msg"].removeprefix("Value error, ")
        raise BadSettings(f"{variable}: {reason}") from error
