"""Settings that cannot work are refused, naming the field and the mend; secrets are not shown."""

import msgspec
import pytest
import rich.pretty

from faturat_digitalb.settings import Settings

GOOD = {"url": "https://digitalb.example/billing", "key_id": "bank-1", "secret": "s3cret" * 6}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": "digitalb.example"}, "url"),
        ({"url": "ftp://digitalb.example/"}, "url"),
        ({"url": "https:///billing"}, "url"),
        ({"url": "https://digitalb.example/billing?bank=1"}, "url"),
        ({"url": "https://digitalb.example/billing#1"}, "url"),
        ({"url": "https://digitalb.example/a/../billing"}, "url"),
        ({"url": "https://digitalb.example//billing"}, "url"),
        ({"url": "https://digitalb.example/faturë"}, "url"),
        ({"key_id": ""}, "key_id"),
        ({"key_id": "bank 1"}, "key_id"),
        ({"key_id": "bank\r\nX-Evil: 1"}, "key_id"),
        ({"secret": "s" * 31}, "secret"),
        ({"timeout": 0}, "timeout"),
        ({"timeout": float("nan")}, "timeout"),
        ({"contract_length": 0}, "contract_length"),
        ({"contract_lenght": 7}, "contract_lenght"),
    ],
)
def test_refused(changes: dict[str, object], field: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=field) as caught:
        msgspec.convert(GOOD | changes, Settings)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("missing", GOOD)
def test_required(missing: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=missing):
        msgspec.convert({name: value for name, value in GOOD.items() if name != missing}, Settings)


@pytest.mark.parametrize(
    "url", ["https://digitalb.example", "https://digitalb.example:8443/", "http://127.0.0.1:1/v1.2/b_-"]
)
def test_accepted(url: str) -> None:
    assert msgspec.convert(GOOD | {"url": url}, Settings).url == url


def test_a_secret_is_not_shown() -> None:
    settings = msgspec.convert(GOOD, Settings)
    for shown in (repr(settings), str(settings), f"{settings}", rich.pretty.pretty_repr(settings)):
        assert "bank-1" in shown
        assert "s3cret" not in shown
