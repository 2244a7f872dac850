"""One statement of the life's file at a time. Blocking; for the thread that owns the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import apsw


def run(connection: apsw.Connection, statement: str, *values: Any) -> None:
    connection.execute(statement, values)


def maybe(connection: apsw.Connection, statement: str, *values: Any) -> tuple[Any, ...] | None:
    """The first row; None where there is none."""
    row: tuple[Any, ...] | None = connection.execute(statement, values).fetchone()
    return row


def one(connection: apsw.Connection, statement: str, *values: Any) -> tuple[Any, ...]:
    """The only row. Raises LookupError where there is none."""
    row = maybe(connection, statement, *values)
    if row is None:
        raise LookupError(statement)
    return row
