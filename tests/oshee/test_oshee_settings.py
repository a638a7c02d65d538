"""Settings that cannot work are refused, naming the field and the mend; secrets are not shown."""

import msgspec
import pytest

from faturat_oshee.settings import Settings

URL = "https://oshee.example/billing"


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({}, "url"),
        ({"url": "oshee.example"}, "url"),
        ({"url": "ftp://oshee.example/"}, "url"),
        ({"url": URL, "user": "bank"}, "password"),
        ({"url": URL, "timeout": 0}, "timeout"),
        ({"url": URL, "timeout": float("nan")}, "timeout"),
        ({"url": URL, "not_found_final_after": 20}, "not_found_final_after"),
        ({"url": URL, "contract_length": 0}, "contract_length"),
        ({"url": URL, "contract_lenght": 18}, "contract_lenght"),
    ],
)
def test_refused(settings: dict[str, object], field: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=field):
        msgspec.convert(settings, Settings)


def test_a_password_is_not_shown() -> None:
    settings = msgspec.convert({"url": URL, "user": "bank", "password": "s3cret"}, Settings)
    assert "s3cret" not in repr(settings)
