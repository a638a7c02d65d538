"""The bank's settings for OSHEE: where its service is, who the bank is to it, and what its contract with it says."""

from urllib.parse import urlsplit

from msgspec import Struct


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """Settings of this plugin; a value that cannot work raises ValueError naming the field and the mend."""

    url: str
    """Where the SOAP service listens."""
    user: str | None = None
    password: str | None = None
    """From the environment or a file, never from faturat.toml."""
    timeout: float = 20.0
    """Seconds that one request may take."""
    not_found_final_after: int = 300
    """Seconds after which the company's NOT_FOUND means that it will never book the payment."""
    contract_length: int | None = None
    """Set it only where the company told the bank the length of its customer codes: it publishes none."""

    def __post_init__(self) -> None:
        address = urlsplit(self.url)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise ValueError("url: give the whole address of the service, for example https://oshee.example/billing")
        if (self.user is None) != (self.password is None):
            raise ValueError("user, password: set both, or neither where the company knows the bank by its network")
        if not 0 < self.timeout <= 120:
            raise ValueError("timeout: set more than 0 and at most 120 seconds")
        if self.not_found_final_after <= self.timeout:
            raise ValueError("not_found_final_after: set more seconds than timeout: a request may still be under way")
        if self.contract_length is not None and not 1 <= self.contract_length <= 64:
            raise ValueError("contract_length: set 1 to 64 characters, or leave it out")

    def __repr__(self) -> str:
        return f"Settings(url={self.url!r}, user={self.user!r})"  # a password must not reach a log

    def __rich_repr__(self) -> list[tuple[str, str | None]]:
        """What rich prints instead of the repr; a Struct's own would show the password."""
        return [("url", self.url), ("user", self.user)]
