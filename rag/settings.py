"""Settings: `RAG_…` variables, then `dateline.toml` of the working folder, then the defaults."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from rag.errors import SettingsError
from rag.records import Unsupported

FILE = "dateline.toml"
# Within MiniLM's 256 tokens: longer passages would be embedded by their beginning alone.
PASSAGE_SIZE = 1000
PASSAGE_OVERLAP = 150
MOST_PASSAGES = 100  # read for one answer

# Where things are kept and who may come in: nothing that an answer depends on.
_ELSEWHERE = {
    *("index", "store", "chroma", "chroma_token", "password", "users", "hosts", "proxies"),
    *("readers_write", "log_format", "log_questions", "otel", "answers_at_once", "answers_waiting"),
    *("chat_models", "answer_seconds", "receive_seconds", "shutdown_seconds", "upload_megabytes"),
}


class Settings(BaseSettings):
    """What a user may choose. Unknown keys in `dateline.toml` are refused."""

    model_config = SettingsConfigDict(
        env_prefix="RAG_", toml_file=FILE, extra="forbid", frozen=True
    )

    index: Path | None = Field(default=None, description="folder; None: the user's data")
    embedding: str = Field(
        default="minilm", description="`minilm`, `minilm-int8` or `provider:model`"
    )
    passage_size: int = Field(default=PASSAGE_SIZE, ge=200, le=10_000, description="characters")
    passage_overlap: int = Field(default=PASSAGE_OVERLAP, ge=0, description="characters")
    passages: int = Field(
        default=12, ge=1, le=MOST_PASSAGES, description="passages read for an answer"
    )
    max_quotes: int = Field(default=2, ge=1, le=3, description="sentences quoted in an answer")

    chat_model: str | None = Field(default=None, description="`provider:model`; None: quotes")
    chat_models: tuple[str, ...] = Field(
        default=(), description="others that a question may be put to, as `provider:model`"
    )
    chat_base_url: str | None = Field(default=None, description="of an OpenAI-compatible server")
    chat_timeout: float = Field(default=60.0, gt=0, description="seconds of silence allowed")
    chat_retries: int = Field(default=2, ge=0, le=10, description="tries after the first")
    chat_tokens: int = Field(default=800, ge=50, description="tokens written at most")
    chat_per_minute: int | None = Field(default=None, ge=1, description="requests a minute")
    chat_context: int = Field(default=24_000, ge=1_000, description="characters of passages")
    chat_price_read: float | None = Field(default=None, ge=0, description="a million tokens")
    chat_price_written: float | None = Field(default=None, ge=0, description="a million tokens")
    unsupported: Unsupported = Field(
        default=Unsupported.DROP, description="what becomes of sentences that no passage bears out"
    )
    checker: str = Field(
        default="ladder", description="`ladder`, `chat` (the model judges too) or `module:Name`"
    )
    prompts: Path | None = Field(default=None, description="a folder or file of your own prompts")

    store: SecretStr | None = Field(
        default=None, description="PostgreSQL's address; None: SQLite in the index folder"
    )
    chroma: str | None = Field(
        default=None, description="address of a Chroma server; None: in the index folder"
    )
    chroma_token: SecretStr | None = Field(default=None, description="what that server asks for")
    password: SecretStr | None = Field(default=None, description="asked for before the page opens")
    users: dict[str, SecretStr] = Field(
        default_factory=dict, description="passwords by name, where readers have their own"
    )
    readers_write: bool = Field(
        default=False, description="whether readers who log in may add and remove articles"
    )
    hosts: str = Field(default="", description="names it is reached by, with commas; empty: any")
    proxies: str = Field(default="", description="addresses of proxies that are believed")
    log_format: Literal["plain", "json"] = Field(default="plain", description="of the log")
    log_questions: bool = Field(default=False, description="whether questions are logged")
    otel: str | None = Field(
        default=None, description="address of a collector of traces, or `on`; None: no traces"
    )
    answers_at_once: int | None = Field(
        default=None,
        ge=1,
        le=256,
        description="the others wait; None: a processor each, or 8 where answers wait for others",
    )
    answers_waiting: int = Field(default=64, ge=0, description="the others are refused")
    answer_seconds: float = Field(default=120.0, gt=0, description="an answer may take")
    receive_seconds: float = Field(default=15.0, gt=0, description="a request may take to arrive")
    shutdown_seconds: float = Field(default=30.0, ge=0, description="answers may take to finish")
    upload_megabytes: int = Field(default=50, ge=1, description="articles sent in one request")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    def answering(self) -> dict[str, Any]:
        """The settings that an answer depends on, as JSON values: what its receipt holds."""
        return self.model_dump(mode="json", exclude=_ELSEWHERE)


def load(**chosen: Any) -> Settings:
    """The settings in force; `chosen` wins over the environment and the file.

    Raises:
        SettingsError: a value is malformed or a key unknown; names each.
    """
    try:
        settings = Settings(**chosen)
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}"
            for item in error.errors()
        )
        raise SettingsError(f"settings cannot be used ({FILE} or RAG_…): {wrong}") from error
    except ValueError as error:
        raise SettingsError(f"{FILE} is not valid TOML: {error}") from error
    if settings.passage_overlap * 2 > settings.passage_size:
        raise SettingsError(
            f"passage_overlap {settings.passage_overlap} is more than half of passage_size"
            f" {settings.passage_size}: lower it"
        )
    return settings


def default_index() -> Path:
    """Where the user's own archive lives unless they say otherwise."""
    return platformdirs.user_data_path("dateline") / "index"


def seeds_index() -> Path:
    """Where the index of the bundled seed articles is kept; it can be thrown away."""
    return platformdirs.user_cache_path("dateline") / "seeds"
