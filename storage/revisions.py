"""Optimistic writes: a row changes only as long as it still is at the revision that was read."""

from functools import cache
from typing import Any

from sqlalchemy import Table, Update, bindparam, update
from sqlmodel import SQLModel

from storage.database import Session


async def write_at_revision(
    session: Session, model: type[SQLModel], row_id: int, revision: int, columns: dict[str, Any], **still: Any
) -> bool:
    """Overwrites columns and counts the revision; False when the row has moved on, or is not `still` so."""
    table = SQLModel.metadata.tables[str(model.__tablename__)]
    conditions = {"id": row_id, "revision": revision, **still}
    values = {**columns, "revision": revision + 1}
    parameters = {f"is_{name}": value for name, value in conditions.items()}
    parameters |= {f"new_{name}": value for name, value in values.items()}
    connection = await session.connection()
    done = await connection.execute(_write(table, tuple(conditions), tuple(values)), parameters)
    return done.rowcount == 1


@cache
def _write(table: Table, conditions: tuple[str, ...], columns: tuple[str, ...]) -> Update:
    still = (table.c[name] == bindparam(f"is_{name}", type_=table.c[name].type) for name in conditions)
    new = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in columns}
    return update(table).where(*still).values(new)
