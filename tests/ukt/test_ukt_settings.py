"""Settings that cannot work are refused, naming the field and the mend; secrets are not shown."""

import msgspec
import pytest

from faturat_ukt.settings import Settings

GOOD = {"url": "https://ukt.example/api", "client_id": "bank", "client_secret": "s3cret"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": "ukt.example"}, "url: give"),
        ({"url": "ftp://ukt.example/"}, "url: give"),
        ({"url": "https://[ukt.example"}, "url: give"),
        ({"url": "https://ukt.example:water"}, "url: give"),
        ({"url": "https://ukt.example/?bank=1"}, "url: give"),
        ({"url": "https://ukt.example/#v1"}, "url: give"),
        ({"url": "https://bank:s3cret@ukt.example"}, "url: give"),
        ({"client_id": ""}, "client_id: set"),
        ({"client_secret": ""}, "client_secret: set"),
        ({"timeout": 0}, "timeout: set"),
        ({"timeout": float("nan")}, "timeout: set"),
        ({"fetch_timeout": 121}, "fetch_timeout: set"),
        ({"contract_length": 0}, "contract_length: set"),
        ({"contract_lenght": 18}, "contract_lenght"),
    ],
)
def test_refused(changes: dict[str, object], field: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=field) as caught:
        msgspec.convert(GOOD | changes, Settings)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("missing", GOOD)
def test_what_is_missing_is_named(missing: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=missing):
        msgspec.convert({name: value for name, value in GOOD.items() if name != missing}, Settings)


def test_a_secret_is_not_shown() -> None:
    settings = msgspec.convert(GOOD, Settings)
    assert "s3cret" not in repr(settings)
    assert "s3cret" not in f"{settings!s}"
