"""Settings that cannot work are refused, naming the field and the mend; secrets are not shown."""

from pathlib import Path

import asyncssh
import msgspec
import pytest

from faturat_albtelecom.settings import Settings

KEY = asyncssh.generate_private_key("ssh-ed25519")
HOST_KEY = KEY.export_public_key().decode().strip()
LEAST = {"host": "sftp.albtelecom.example", "host_key": HOST_KEY, "user": "bank", "password": "s3cret"}


@pytest.mark.parametrize("missing", ["host", "host_key", "user", "password"])
def test_what_must_be_set(missing: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=missing):
        msgspec.convert({name: value for name, value in LEAST.items() if name != missing}, Settings)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("host", ""),
        ("port", 0),
        ("port", 65536),
        ("host_key", ""),
        ("host_key", "ssh-ed25519"),
        ("host_key", f"sftp.albtelecom.example {HOST_KEY}"),
        ("host_key", "*"),
        ("user", ""),
        ("private_key_file", "/no/such/key"),
        ("inbox", ""),
        ("outbox", "inbox"),
        ("timeout", 0),
        ("timeout", float("nan")),
        ("timeout", 121),
        ("exchange_every", 0),
        ("exchange_every", 2 * 86_400 + 1),
        ("settles_later", 7199),
        ("settles_later", 60 * 86_400 + 1),
        ("max_file", 1023),
        ("max_file", 64 * 1024 * 1024 + 1),
        ("contract_length", 0),
        ("known_hosts", "none"),
    ],
)
def test_refused(field: str, value: object) -> None:
    with pytest.raises(msgspec.ValidationError, match=field):
        msgspec.convert(LEAST | {field: value}, Settings)


def test_taken() -> None:
    assert msgspec.convert(LEAST, Settings).settles_later == 3 * 86_400
    assert msgspec.convert(LEAST | {"host_key": HOST_KEY + " albtelecom's"}, Settings).port == 22


def test_a_private_key_needs_no_password(tmp_path: Path) -> None:
    key = tmp_path / "key"
    KEY.write_private_key(key)
    settings = {name: value for name, value in LEAST.items() if name != "password"}
    assert msgspec.convert(settings | {"private_key_file": str(key)}, Settings).password is None
    KEY.write_private_key(key, "pkcs8-pem", passphrase="s3cret")
    with pytest.raises(msgspec.ValidationError, match="private_key_file"):
        msgspec.convert(settings | {"private_key_file": str(key)}, Settings)


def test_a_password_is_not_shown() -> None:
    assert "s3cret" not in repr(msgspec.convert(LEAST, Settings))
