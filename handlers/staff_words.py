"""How scopes are called."""

import divisions
from registration.actors import Actor
from storage.scopes import Scope


def scope_name(scope: Scope) -> str:
    """The division's name: 江苏省, 徐州市."""
    return divisions.get(scope.code).name


def scope_names(actor: Actor) -> str:
    """All of a person's scopes, "" for somebody who is no staff."""
    return "、".join(scope_name(scope) for scope in actor.scopes)
