"""Who writes, looked up before any handler runs."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from aiogram import BaseMiddleware
from aiogram.fsm.context import FSMContext
from aiogram.types import Chat, TelegramObject, User

from notices import Catalog
from registration.actors import Actor, identify
from storage.database import Session
from storage.scopes import Scope


@dataclass(frozen=True, slots=True)
class Turn:
    """What one update is handled with. `now` is the domain's time, in Asia/Shanghai."""

    session: Session
    state: FSMContext
    actor: Actor
    catalog: Catalog
    now: datetime
    channel: str

    def with_scope(self, scope: Scope) -> "Turn":
        """The same turn after a staff role was granted in it."""
        scopes = tuple(dict.fromkeys((*self.actor.scopes, scope)))
        return replace(self, actor=replace(self.actor, scopes=scopes))


class Identity(BaseMiddleware):
    """Gives handlers `turn` and `actor`; what is not a private chat goes no further."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        chat: Chat | None = data.get("event_chat")
        user: User | None = data.get("event_from_user")
        if chat is None or chat.type != "private":
            return None
        name = user.full_name if user else ""
        actor = await identify(data["session"], data["channel"], chat.id, name, data["now"])
        data["actor"] = actor
        data["turn"] = Turn(
            session=data["session"],
            state=data["state"],
            actor=actor,
            catalog=data["catalog"],
            now=data["now"],
            channel=data["channel"],
        )
        return await handler(event, data)
