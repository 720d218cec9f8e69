"""What staff have chosen on the way to a broadcast: notice, place, audience; within their scopes."""

from dataclasses import dataclass
from typing import Any

import divisions
from handlers.callbacks import Cast
from handlers.identity import Turn
from handlers.scopes import notice_of, scope_of
from handlers.staff_words import scope_name
from notices.model import Notice
from registration.refusals import NotYours
from reminders.ladder import kinds_of
from storage.audiences import Audience, Name
from storage.scopes import Scope


@dataclass(frozen=True, slots=True)
class Choice:
    """A step of a member of staff who may take it."""

    turn: Turn
    data: Cast
    notice: Notice
    scope: Scope

    def to(self, act: str, **changes: Any) -> Cast:
        """The next step, with what has been chosen."""
        return self.data.model_copy(update={"act": act, "page": 0, **changes})

    def audience(self, name: Name = "owing", organization: int = 0) -> Audience:
        """Whom the choice means."""
        return Audience(
            name=name,
            notice=self.notice.slug,
            form="",
            kinds=kinds_of(self.notice),
            role=self.scope.role,
            scope_code=self.scope.code,
            county=self.data.county,
            organization=organization,
            beyond=not self.data.county and self.scope == Scope("province", self.notice.province),
        )

    @property
    def place(self) -> str:
        """The county or the scope."""
        return divisions.get(self.data.county).name if self.data.county else scope_name(self.scope)


def choice_of(turn: Turn, data: Cast) -> Choice:
    """What a button stands for; raises NotYours for a place beyond the person's scopes."""
    scope = scope_of(data.scope)
    turn.actor.require_scope(scope)
    if data.county and (not divisions.exists(data.county) or not data.county.startswith(scope.prefix)):
        raise NotYours
    return Choice(turn, data, notice_of(turn, data.notice), scope)
