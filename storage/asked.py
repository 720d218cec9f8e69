"""Whom a notice asks, as a condition on organizations."""

from sqlalchemy import ColumnElement, exists, or_
from sqlmodel import col

from storage.filings import Filing
from storage.people import Organization
from storage.scopes import Scope

BEGUN = ("draft", "filed", "withdrawn")


def asked(scope: Scope, notice: str, form: str = "", *, beyond: bool = False) -> ColumnElement[bool]:
    """The organizations in scope; with `beyond` also those of elsewhere that take part of their own accord.

    These have begun that form, or with "" any of the notice's, and have not put it away.
    """
    if not beyond:
        return scope.condition()
    begun = exists().where(
        col(Filing.organization_id) == col(Organization.id),
        col(Filing.notice) == notice,
        col(Filing.state).in_(BEGUN),
    )
    return or_(scope.condition(), begun.where(col(Filing.form) == form) if form else begun)
