"""A harness for tests: scripted failures of the local Bot API, and a log of every call it got.

Nothing of this is reachable unless a server is built with a `Faults` object.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from webchat.wire import Refused

USUAL_WORDS = {
    400: "Bad Request: chat not found",
    403: "Forbidden: bot was blocked by the user",
    429: "Too Many Requests: retry after {retry_after}",
    502: "Bad Gateway",
}

Kind = Literal["refuse", "delay", "break_before", "break_after", "stall_after"]


@dataclass
class Fault:
    """What shall go wrong.

    kind: `refuse` answers `code` without doing anything, in Telegram's words unless given others;
        `delay` waits `seconds`, then works;
        `break_before` drops the connection, nothing done; `break_after` does it, then drops the connection;
        `stall_after` does it, then leaves the caller without an answer for `seconds`.
    method: a Bot API method, or None for all but getUpdates. chat: a chat id, or None for all.
    times: how many calls it strikes, None for all to come. skip: how many calls pass first.
    """

    kind: Kind
    method: str | None = None
    chat: int | None = None
    times: int | None = 1
    skip: int = 0
    code: int = 500
    description: str = ""
    retry_after: int | None = None
    migrate_to_chat_id: int | None = None
    seconds: float = 0.0

    def concerns(self, method: str, chat: int | None) -> bool:
        """Whether a call is one of those this fault is about."""
        if self.method is None:
            fits = method.lower() != "getupdates"
        else:
            fits = self.method.lower() == method.lower()
        return fits and self.chat in (None, chat)

    def refusal(self) -> Refused:
        """What a `refuse` answers."""
        words = self.description or USUAL_WORDS.get(self.code, "Internal Server Error")
        words = words.format(retry_after=self.retry_after)
        return Refused(self.code, words, self.retry_after, self.migrate_to_chat_id)


@dataclass
class Call:
    """One call as logged. `at` and `done` are Unix seconds; `accepted` tells whether it took effect."""

    number: int
    method: str
    arguments: dict[str, Any]
    at: float
    accepted: bool = False
    outcome: str = "pending"
    result: Any = None
    done: float | None = None


@dataclass
class Faults:
    """The script of failures and the log of calls of one server."""

    script: list[Fault] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    clock: Callable[[], float] = time.time
    _logged: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, kind: Kind, **details: Any) -> Fault:
        """Put a fault at the end of the script; the first that concerns a call strikes it."""
        fault = Fault(kind, **details)
        self.script.append(fault)
        return fault

    def clear(self) -> None:
        """From now on everything works. The log stays."""
        self.script.clear()

    def next_for(self, method: str, chat: int | None) -> Fault | None:
        """The fault that strikes this call; uses up one of its times."""
        for fault in self.script:
            if not fault.concerns(method, chat) or fault.times == 0:
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            if fault.times is not None:
                fault.times -= 1
            return fault
        return None

    def begin(self, method: str, arguments: dict[str, Any]) -> Call:
        """Log the arrival of a call."""
        call = Call(len(self.calls) + 1, method, arguments, self.clock())
        self.calls.append(call)
        return call

    def end(self, call: Call, outcome: str, accepted: bool, result: Any = None) -> None:
        """Log how a call went."""
        call.outcome, call.accepted, call.result, call.done = outcome, accepted, result, self.clock()
        self._logged.set()
        self._logged = asyncio.Event()

    def accepted(self, method: str | None = None, chat: int | None = None) -> list[Call]:
        """The calls that took effect, in order, of one method and chat or of all."""
        return [
            call
            for call in self.calls
            if call.accepted
            and (method is None or call.method == method)
            and (chat is None or chat_of(call.arguments) == chat)
        ]

    async def wait_accepted(
        self, method: str, count: int, chat: int | None = None, seconds: float = 10.0
    ) -> list[Call]:
        """The calls that took effect, as soon as there are at least `count` of them.

        Raises:
            TimeoutError: when they do not come in time.
        """
        async with asyncio.timeout(seconds):
            while len(calls := self.accepted(method, chat)) < count:
                await self._logged.wait()
        return calls

    def as_json(self, after: int = 0) -> list[dict[str, Any]]:
        """The log after a call's number, for a reader outside the process."""
        return [asdict(call) for call in self.calls[after:]]


def chat_of(arguments: dict[str, Any]) -> int | None:
    """The chat a call's arguments name, or None."""
    try:
        return int(arguments["chat_id"])
    except (KeyError, TypeError, ValueError):
        return None
