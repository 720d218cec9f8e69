"""What staff have chosen on the way to a broadcast: notice, place, audience; within their scopes."""

from dataclasses import dataclass
from typing import Any

import divisions
from handlers.callbacks import Cast
from handlers.identity import Turn
from handlers.scopes import notice_of, scope_of
from handlers.staff.broadcast_screens import place_of
from notices.model import Notice
from registration.refusals import NotYours
from reminders.ladder import kinds_of
from storage.audiences import Audience, Name, Part
from storage.scopes import Scope

PARTS: tuple[Part, ...] = ("province_level", "elsewhere")


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
        """Whom the choice means; raises NotYours for who filed or did not where nothing is filed."""
        if name != "everyone" and not self.notice.filings:
            raise NotYours
        return Audience(
            name=name,
            notice=self.notice.slug,
            form="",
            kinds=kinds_of(self.notice),
            role=self.scope.role,
            scope_code=self.scope.code,
            county="" if self.part else self.data.county,
            organization=organization,
            beyond=self.data.county in ("", "elsewhere") and self.is_whole,
            part=self.part,
        )

    @property
    def is_whole(self) -> bool:
        """Whether the scope is all of the notice's: then it has parts that lie in no city."""
        return self.scope == Scope("province", self.notice.province)

    @property
    def part(self) -> Part:
        """The part of the province that was chosen; "" for a county or the whole."""
        return next((part for part in PARTS if part == self.data.county), "")

    @property
    def place(self) -> str:
        """The county, the part or the scope."""
        return place_of(self.audience("everyone"))


def choice_of(turn: Turn, data: Cast) -> Choice:
    """What a button stands for; raises NotYours for a place beyond the person's scopes."""
    scope = scope_of(data.scope)
    turn.actor.require_scope(scope)
    choice = Choice(turn, data, notice_of(turn, data.notice), scope)
    inside = divisions.exists(data.county) and data.county.startswith(scope.prefix)
    if data.county and not inside and not (choice.part and choice.is_whole):
        raise NotYours
    return choice
