"""Conversation states in the turn's own transaction, which aiogram's storage finds by a context variable."""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from aiogram.fsm.state import State
from aiogram.fsm.storage.base import BaseStorage, StateType, StorageKey

from storage import states
from storage.database import Session
from storage.states import Standing


class TurnStates:
    """The standings one turn has read and changed; written only when the turn ends well."""

    def __init__(self, session: Session, known: dict[str, Standing]) -> None:
        self._session = session
        self._known = known
        self.changed: dict[str, Standing] = {}

    async def get(self, key: str) -> Standing:
        """Where that conversation stands, as this turn sees it."""
        if key in self.changed:
            return self.changed[key]
        if key not in self._known:
            self._known[key] = (await states.load(self._session, [key])).get(key, Standing())
        return self._known[key]

    def put(self, key: str, standing: Standing) -> None:
        """Moves the conversation, for the rest of this turn and, if it ends well, for good."""
        self.changed[key] = standing


current: ContextVar[TurnStates] = ContextVar("current turn's states")


def name_of(bot_id: int, chat_id: int, user_id: int) -> str:
    """The key of a person's conversation in a chat."""
    return f"{bot_id}:{chat_id}:{user_id}"


def _name(key: StorageKey) -> str:
    return name_of(key.bot_id, key.chat_id, key.user_id)


class TurnStorage(BaseStorage):
    """aiogram's FSM storage on the standings of the turn under way."""

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        """Sets the mode."""
        turn, name = current.get(), _name(key)
        value = state.state if isinstance(state, State) else state
        turn.put(name, Standing(value, (await turn.get(name)).data))

    async def get_state(self, key: StorageKey) -> str | None:
        """The mode."""
        return (await current.get().get(_name(key))).state

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        """Sets the ids the mode works on."""
        turn, name = current.get(), _name(key)
        turn.put(name, Standing((await turn.get(name)).state, dict(data)))

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        """The ids the mode works on."""
        return dict((await current.get().get(_name(key))).data)

    async def close(self) -> None:
        """Nothing is held here."""
