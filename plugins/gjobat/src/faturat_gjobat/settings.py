"""The bank's settings for the police's fines: where the service is, and the certificate by which it knows the bank."""

import ssl
from urllib.parse import urlsplit

from msgspec import Struct


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """Settings of this plugin; a value that cannot work raises ValueError naming the field and the mend.

    `certificate`, `key` and `ca` are paths of PEM files; what they hold is read by `tls` alone and kept nowhere here.
    """

    url: str
    """Where the service listens; https only."""
    certificate: str
    """The bank's certificate, and those between it and the company's CA."""
    key: str
    """The certificate's private key, without a passphrase."""
    ca: str | None = None
    """Who vouches for the company's certificate; None: whoever this machine trusts. It is always verified."""
    timeout: float = 20.0
    """Seconds that one request may take."""
    not_found_final_after: int = 300
    """Seconds after which the company's NOT_FOUND means that it will never book the payment."""
    chassis_length: int | None = None
    """Set it only where the company told the bank to refuse any other: 17 by bkt.com.al, but older vehicles differ."""
    fine_length: int | None = None
    """Set it only where the company told the bank the length of its fines' numbers: it publishes none."""

    def __post_init__(self) -> None:
        address = urlsplit(self.url)
        if address.scheme != "https" or not address.hostname:
            raise ValueError("url: give the whole address of the service, for example https://gjobat.example/api")
        if address.username is not None or address.query or address.fragment:
            raise ValueError("url: leave out user, password, ? and #: the certificate says who the bank is")
        if not 0 < self.timeout <= 120:
            raise ValueError("timeout: set more than 0 and at most 120 seconds")
        if self.not_found_final_after <= self.timeout:
            raise ValueError("not_found_final_after: set more seconds than timeout: a request may still be under way")
        for field in ("chassis_length", "fine_length"):
            length = getattr(self, field)
            if length is not None and not 1 <= length <= 64:
                raise ValueError(f"{field}: set 1 to 64 characters, or leave it out")
        self.tls()

    def __repr__(self) -> str:
        return f"Settings(url={self.url!r})"  # where the key lies is nobody's business

    def tls(self) -> ssl.SSLContext:
        """A context for mutual TLS, 1.2 or newer; raises ValueError naming the file that cannot be used."""
        for field in ("certificate", "key", "ca"):
            path = getattr(self, field)
            if path is not None:
                _require_readable(field, path)
        try:
            context = ssl.create_default_context(cafile=self.ca)
        except ssl.SSLError as error:
            raise ValueError("ca: name a file with one or more certificates as PEM, or leave it out") from error
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            # no passphrase, or OpenSSL would ask for one at the terminal
            context.load_cert_chain(self.certificate, self.key, password=lambda: "")
        except ssl.SSLError as error:
            raise ValueError(
                "certificate, key: name a certificate and the key that belongs to it, both as PEM, "
                "the key without a passphrase"
            ) from error
        return context


def _require_readable(field: str, path: str) -> None:
    try:
        with open(path, "rb"):
            return
    except OSError as error:
        raise ValueError(
            f"{field}: {path} cannot be read ({error.strerror}); name a PEM file that this process may read"
        ) from error
