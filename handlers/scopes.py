"""Scopes and notices as buttons name them."""

import divisions
from handlers.identity import Turn
from notices.model import Notice
from registration.refusals import NotYours
from storage.scopes import Scope


def scope_of(code: str) -> Scope:
    """The scope a division code stands for; raises NotYours for what is no province or city."""
    if not divisions.exists(code) or divisions.get(code).level == "county":
        raise NotYours
    return Scope("province" if divisions.get(code).level == "province" else "city", code)


def notice_of(turn: Turn, key: str) -> Notice:
    """The notice with that key; raises NotYours."""
    for notice in turn.catalog.notices:
        if notice.key == key:
            return notice
    raise NotYours


def notice_in(turn: Turn, key: str, scope: Scope) -> Notice:
    """The notice with that key of the scope's own province; raises NotYours."""
    for notice in notices_for(turn, scope):
        if notice.key == key:
            return notice
    raise NotYours


def notices_for(turn: Turn, scope: Scope) -> list[Notice]:
    """The notices of the scope's province under which something is filed."""
    return [notice for notice in notices_of(turn, scope) if notice.filings]


def notices_of(turn: Turn, scope: Scope) -> list[Notice]:
    """All notices of the scope's province."""
    return [notice for notice in turn.catalog.notices if notice.province[:2] == scope.code[:2]]
