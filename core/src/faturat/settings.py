"""Settings: `faturat.toml` (or the file that FATURAT_CONFIG names), every key also FATURAT_* in the environment.

FATURAT_DATABASE_URL sets `database_url`, FATURAT_WEB__PORT sets `port` in `[web]`; with _FILE at its end the variable
names a file that holds the value, which is how secrets come in. A list is written as ["one", "two"].
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from faturat.engine import EngineSettings
from faturat.errors import StartError
from faturat.plugins.loading import PluginChoice

PREFIX = "FATURAT_"
CONFIG = "FATURAT_CONFIG"
DEFAULT_FILE = Path("faturat.toml")


class BadSettings(StartError):
    """A setting that stops the start; the words name the key and the mend."""


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every process of Faturat needs."""

    database_url: str = ""
    """A libpq URL; empty stops every command that needs a database."""
    database_pool: int = 16
    """The most connections of one process to this database; a bank plugin may have a pool of its own beside it."""
    plugins: PluginChoice = PluginChoice()
    engine: EngineSettings = EngineSettings()
    checkpoint_key: str = ""
    """Signs checkpoints: 32 bytes in hex, best by FATURAT_CHECKPOINT_KEY_FILE; empty: this process makes none."""
    trusted_keys: tuple[str, ...] = ()
    """Public keys whose checkpoints `faturat verify` trusts, in hex; empty: whichever stands beside a checkpoint."""
    web: Any = None
    """The server's own table, which it checks itself."""

    def __post_init__(self) -> None:
        if not 1 <= self.database_pool <= 200:
            raise ValueError("database_pool must be from 1 to 200")

    def require_database(self) -> str:
        """The database's URL; raises BadSettings where there is none."""
        if not self.database_url:
            raise BadSettings(
                "database_url is not set. Set FATURAT_DATABASE_URL or database_url in faturat.toml, "
                "for example postgresql://faturat@localhost/faturat."
            )
        return self.database_url


S = TypeVar("S", bound=Settings)


def read_settings(kind: type[S], environment: Mapping[str, str], file: Path | None = None) -> S:
    """Read, merge and check the settings; the environment wins over the file. Raises BadSettings."""
    named = file or (Path(environment[CONFIG]) if CONFIG in environment else None)
    if named is not None and not named.is_file():
        raise BadSettings(f"there is no settings file {named}. Write it, or name another by --config or {CONFIG}.")
    path = named or DEFAULT_FILE
    values = _read_file(path) if path.is_file() else {}
    for name, value in _from_environment(environment).items():
        _put(values, name, value)
    try:
        return msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError as error:
        known = ", ".join(kind.__struct_fields__)
        raise BadSettings(f"in {path} or FATURAT_*: {error}. The settings are: {known}.") from error


def write_settings(file: Path, values: Mapping[str, Any]) -> None:
    """Write a settings file that only its owner may read: it may hold a database's password."""
    file.touch(mode=0o600)
    file.write_text("\n".join(toml_lines(values)) + "\n", "utf-8")


def toml_lines(values: Mapping[str, Any], table: str = "") -> Iterator[str]:
    """Settings as TOML: plain values first, then a table each; JSON's words for them are TOML's too."""
    for name, value in values.items():
        if not isinstance(value, Mapping):
            yield f"{name} = {json.dumps(value, ensure_ascii=False)}"
    for name, value in values.items():
        if isinstance(value, Mapping):
            inner = f"{table}.{name}" if table else name
            yield f"[{inner}]"
            yield from toml_lines(value, inner)


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BadSettings(f"{path} cannot be read: {error}. It must be TOML in UTF-8.") from error


def _from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in environment.items():
        if not name.startswith(PREFIX) or name == CONFIG:
            continue
        key = name.removeprefix(PREFIX).lower()
        if key.endswith("_file"):
            try:
                found[key.removesuffix("_file")] = Path(value).read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise BadSettings(f"{name} names {value}, which cannot be read: {error}.") from error
        else:
            found[key] = value
    return found


def _put(values: dict[str, Any], name: str, value: str) -> None:
    """`plugins__billers__water__url` goes four tables deep."""
    *tables, key = name.split("__")
    place = values
    for table in tables:
        place = place.setdefault(table, {})
        if not isinstance(place, dict):
            raise BadSettings(f"{PREFIX}{name.upper()}: {table} is a value, not a table. Unset one of them.")
    try:
        place[key] = json.loads(value) if value.startswith("[") else value
    except json.JSONDecodeError as error:
        raise BadSettings(f'{PREFIX}{name.upper()}: a list is written as ["one", "two"]: {error}.') from error
