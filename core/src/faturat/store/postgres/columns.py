"""Columns of the Piccolo tables as pieces of SQL; several rows travel as one array a column (`unnest`)."""

from collections.abc import Iterable, Sequence

from piccolo.columns import JSONB, BigInt, Bytea, Column, Date, Integer, Text, Timestamptz
from piccolo.table import Table

from faturat.store.postgres.rows import Row

_TYPES: dict[type[Column], str] = {
    Text: "text",
    Integer: "integer",
    BigInt: "bigint",
    Bytea: "bytea",
    Date: "date",
    JSONB: "jsonb",
    Timestamptz: "timestamptz",
}


class Columns:
    """Some columns of a table, in the order in which their values are passed."""

    def __init__(self, table: type[Table], *, only: Sequence[str] = (), without: Sequence[str] = ()) -> None:
        self.table = table._meta.tablename
        columns = [column for column in table._meta.columns if column._meta.name not in without]
        self._types = {
            column._meta.name: _TYPES[type(column)] for column in columns if not only or column._meta.name in only
        }
        self.names = ", ".join(self._types)

    def __len__(self) -> int:
        return len(self._types)

    def values(self, row: Row) -> list[object]:
        return [row[name] for name in self._types]

    def arrays(self, rows: Sequence[Row]) -> list[list[object]]:
        return [[row[name] for row in rows] for name in self._types]

    def parameters(self, first: int) -> str:
        """`$1::text, $2::bigint, ...`"""
        return ", ".join(f"${n}::{kind}" for n, kind in enumerate(self._types.values(), first))

    def rows(self, alias: str, first: int) -> str:
        """`unnest($1::text[], ...) AS alias(id, ...)`"""
        arrays = ", ".join(f"${n}::{kind}[]" for n, kind in enumerate(self._types.values(), first))
        return f"unnest({arrays}) AS {alias}({self.names})"

    def assignments(self, source: str) -> str:
        return ", ".join(f"{name} = {source}.{name}" for name in self._types)

    def of(self, source: str) -> str:
        return ", ".join(f"{source}.{name}" for name in self._types)


def literals(states: Iterable[str]) -> str:
    """The list of some states, as SQL."""
    return ", ".join(f"'{state}'" for state in sorted(states))
