"""The tables of access. Their keys, indexes and checks stand in the migrations."""

from piccolo.columns import BigSerial, Text, Timestamptz
from piccolo.table import Table


class UserRow(Table, tablename="access_user"):
    username = Text(primary_key=True)
    password_hash = Text()
    customer = Text()
    """Empty for an operator."""
    role = Text(default="customer")
    language = Text()
    created_at = Timestamptz()


class SessionRow(Table, tablename="access_session"):
    """Somebody who is logged in, by a cookie (web) or a bearer token (token)."""

    token_hash = Text(primary_key=True)
    """SHA-256 of the token: whoever reads the table cannot log in with it."""
    username = Text()
    kind = Text()
    created_at = Timestamptz()
    expires_at = Timestamptz()


class AttemptRow(Table, tablename="access_attempt"):
    """A failed log-in, kept for as long as it counts."""

    id = BigSerial(primary_key=True)
    username = Text()
    source = Text()
    at = Timestamptz()


class SecretRow(Table, tablename="access_secret"):
    """A secret that all processes share; made by a migration, or by the first process that asks."""

    name = Text(primary_key=True)
    value = Text()


TABLES: list[type[Table]] = [UserRow, SessionRow, AttemptRow, SecretRow]
