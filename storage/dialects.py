"""The one place where SQLite and PostgreSQL are told apart in a statement."""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def insert_unless_there(connection: AsyncConnection, table: Table) -> Any:
    """An INSERT that leaves an existing row as it is."""
    return _insert_unless_there(connection.dialect.name, table)


@cache
def _insert_unless_there(dialect: str, table: Table) -> Any:
    if dialect == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def insert_or_replace(connection: AsyncConnection, table: Table, key: str) -> Any:
    """An INSERT that overwrites the other columns of the row with the same `key`."""
    return _insert_or_replace(connection.dialect.name, table, key)


@cache
def _insert_or_replace(dialect: str, table: Table, key: str) -> Any:
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(table)
    others = {column.name: statement.excluded[column.name] for column in table.columns if column.name != key}
    return statement.on_conflict_do_update(index_elements=[key], set_=others)


def locked_once(ids: Select[Any]) -> Select[Any]:
    """The ids that a `SELECT … LIMIT … FOR UPDATE SKIP LOCKED` locks, for the condition of an UPDATE.

    As a plain subquery PostgreSQL may run it anew for each row it looks at, and each time it passes over
    what is locked by now: more rows than its limit. Materialized, it runs once (postgresql.org, 7.8).
    """
    found = ids.cte("found").prefix_with("MATERIALIZED", dialect="postgresql")
    return select(found.c.id)


def word(text: str) -> ColumnElement[str]:
    """A constant that stands in the statement itself, not beside it as a parameter.

    An index over part of a table serves only statements in which the planner can see its condition.
    """
    return literal_column(f"'{text}'")
