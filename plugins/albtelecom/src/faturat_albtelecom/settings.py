"""The bank's settings for ALBTELECOM: where files are swapped, who the bank is there, and how often."""

import asyncssh
from msgspec import Struct

MAX_FILE = 64 * 1024 * 1024
"""Bytes; the host keeps no larger file."""
LONGEST_EXCHANGE = 2 * 86_400
LONGEST_SETTLEMENT = 60 * 86_400


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of this plugin; a value that cannot work raises ValueError naming the field and the mend."""

    host: str
    """Where the company's SFTP server listens."""
    port: int = 22
    host_key: str
    """The server's public key, one line as in OpenSSH's files; a server with another one is not spoken to."""
    user: str
    password: str | None = None
    """From the environment or a file, never from faturat.toml."""
    private_key_file: str | None = None
    """A private key in OpenSSH's or PEM's form, without a passphrase; readable for the host alone."""
    inbox: str = "inbox"
    """The folder at the company where the bank finds its files."""
    outbox: str = "outbox"
    """The folder at the company where the bank puts its own."""
    statements: str = "statements"
    """The folder at the company where the bank finds its statements."""
    timeout: float = 30.0
    """Seconds that the company may take for a connection, and for each answer."""
    exchange_every: int = 3600
    """Seconds from one swap of files to the next."""
    settles_later: int = 3 * 86_400
    """Seconds after which the company has acknowledged a payment at the latest."""
    max_file: int = MAX_FILE
    """Bytes of the largest file that is read."""
    contract_length: int | None = None
    """Set it only where the company told the bank the length of its contract numbers: it publishes none."""

    def __post_init__(self) -> None:
        if not self.host or not self.user:
            raise ValueError("host, user: give the SFTP server's name or address, and the bank's user there")
        if not 1 <= self.port <= 65535:
            raise ValueError("port: set 1 to 65535; SFTP's own is 22")
        _check_host_key(self.host_key)
        if self.password is None and self.private_key_file is None:
            raise ValueError("password, private_key_file: set one of them")
        if self.private_key_file is not None:
            _check_private_key(self.private_key_file)
        if not all((self.inbox, self.outbox, self.statements)) or self.inbox == self.outbox:
            raise ValueError("inbox, outbox, statements: name folders at the company, the first two not one")
        if not 0 < self.timeout <= 120:
            raise ValueError("timeout: set more than 0 and at most 120 seconds")
        if not 1 <= self.exchange_every <= LONGEST_EXCHANGE:
            raise ValueError(f"exchange_every: set 1 to {LONGEST_EXCHANGE} seconds")
        if not 2 * self.exchange_every <= self.settles_later <= LONGEST_SETTLEMENT:
            raise ValueError(
                "settles_later: set at least twice exchange_every, one swap to send and one to hear, and at most "
                f"{LONGEST_SETTLEMENT} seconds"
            )
        if not 1024 <= self.max_file <= MAX_FILE:
            raise ValueError(f"max_file: set 1024 to {MAX_FILE} bytes")
        if self.contract_length is not None and not 1 <= self.contract_length <= 64:
            raise ValueError("contract_length: set 1 to 64 characters, or leave it out")

    def __repr__(self) -> str:
        return f"Settings(host={self.host!r}, port={self.port}, user={self.user!r})"  # a password must not reach a log


def _check_host_key(line: str) -> None:
    try:
        asyncssh.import_public_key(line)
    except asyncssh.KeyImportError as error:
        raise ValueError("host_key: give the server's public key, for example `ssh-ed25519 AAAA...`") from error


def _check_private_key(path: str) -> None:
    try:
        asyncssh.read_private_key(path)
    except (OSError, asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        raise ValueError("private_key_file: name a private key without a passphrase that can be read") from error
