"""Settings that cannot work are refused before anything starts, naming the field and the mend."""

from importlib.metadata import entry_points
from pathlib import Path

import msgspec
import pytest
import trustme
from cryptography.hazmat.primitives import serialization

from faturat.plugins.checks import PluginRefused
from faturat.plugins.loading import PluginChoice, load_plugins
from faturat_gjobat.settings import Settings

URL = "https://gjobat.example/api"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": None}, "url"),
        ({"url": "gjobat.example"}, "url"),
        ({"url": "http://gjobat.example/"}, "url"),
        ({"url": "https:///api"}, "url"),
        ({"url": "https://bank:secret@gjobat.example/"}, "url"),
        ({"url": "https://gjobat.example/?a=b"}, "url"),
        ({"certificate": None}, "certificate"),
        ({"key": None}, "key"),
        ({"timeout": 0}, "timeout"),
        ({"timeout": float("nan")}, "timeout"),
        ({"not_found_final_after": 20}, "not_found_final_after"),
        ({"chassis_length": 0}, "chassis_length"),
        ({"fine_length": 65}, "fine_length"),
        ({"verify": False}, "verify"),
    ],
)
def test_refused(certified: dict[str, str], changes: dict[str, object], field: str) -> None:
    settings = {"url": URL} | certified | changes
    with pytest.raises(msgspec.ValidationError, match=field):
        msgspec.convert({name: value for name, value in settings.items() if value is not None}, Settings)


@pytest.mark.parametrize("field", ["certificate", "key", "ca"])
def test_a_file_that_is_not_there_stops_the_start(certified: dict[str, str], tmp_path: Path, field: str) -> None:
    for path in (tmp_path / "none.pem", tmp_path):
        settings = {"url": URL} | certified | {field: str(path)}
        choice = PluginChoice(billers={"gjobat": settings}, bank={"memory": {}})
        with pytest.raises(PluginRefused) as refused:
            load_plugins(choice, lambda group: entry_points(group=group))
        assert f"{field}: {path} cannot be read" in str(refused.value)
        assert "name a PEM file" in str(refused.value)


def locked(key: bytes) -> bytes:
    return serialization.load_pem_private_key(key, None).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"secret"),
    )


def test_files_that_do_not_serve_stop_the_start(certified: dict[str, str], tmp_path: Path) -> None:
    key, stranger = Path(certified["key"]).read_bytes(), trustme.CA().issue_cert("bank.example")
    bad = tmp_path / "bad.pem"
    for field, content, named in (
        ("certificate", b"", "certificate, key"),
        ("certificate", key, "certificate, key"),
        ("key", b"no PEM", "certificate, key"),
        ("key", stranger.private_key_pem.bytes(), "certificate, key"),
        ("key", locked(key), "certificate, key"),
        ("ca", b"", "ca"),
        ("ca", key, "ca"),
    ):
        bad.write_bytes(content)
        with pytest.raises(ValueError, match=f"^{named}: name a"):
            Settings(**({"url": URL} | certified | {field: str(bad)}))


def test_without_a_ca_of_its_own_the_machines_are_trusted(certified: dict[str, str]) -> None:
    tls = Settings(URL, certified["certificate"], certified["key"]).tls()
    assert tls.check_hostname
    assert tls.verify_mode.name == "CERT_REQUIRED"
    assert tls.minimum_version.name == "TLSv1_2"


def test_where_the_key_lies_is_not_shown(certified: dict[str, str]) -> None:
    settings = Settings(**({"url": URL} | certified))
    assert certified["key"] not in repr(settings) + str(settings)
