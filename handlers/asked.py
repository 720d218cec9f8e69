"""Which question a typed answer belongs to: all that a conversation remembers between updates."""

from dataclasses import dataclass
from typing import Any, cast

from aiogram.filters import BaseFilter
from aiogram.fsm.context import FSMContext
from aiogram.types import Message

from registration.entries import Entry, Kind


@dataclass(frozen=True, slots=True)
class Asked:
    """The entry and the field that is being asked; no field while its card is shown.

    `words` are what the person wrote when it left a doubt, so that a tap can settle it; `set_aside` when they
    were taken for a question instead. `discarding` while it is asked whether to put the entry away for good.
    """

    kind: Kind
    id: int
    field: str = ""
    words: str = ""
    set_aside: bool = False
    discarding: bool = False


async def recall(state: FSMContext) -> Asked | None:
    """What was asked last; None when no form is being filled."""
    data = await state.get_data()
    if "entry" not in data:
        return None
    return Asked(
        kind=cast(Kind, data["kind"]),
        id=int(data["entry"]),
        field=data.get("field", ""),
        words=data.get("words", ""),
        set_aside=data.get("set_aside", False),
        discarding=data.get("discarding", False),
    )


async def remember(
    state: FSMContext, entry: Entry, field: str = "", words: str = "", *, set_aside: bool = False
) -> None:
    """From now on a typed answer belongs to that field of the entry."""
    data: dict[str, Any] = {"kind": entry.kind, "entry": entry.id}
    if field:
        data["field"] = field
    if words:
        data["words"] = words
    if set_aside:
        data["set_aside"] = True
    await state.set_data(data)


async def remember_discarding(state: FSMContext, entry: Entry) -> None:
    """From now on a typed word answers whether the entry is put away."""
    await state.set_data({"kind": entry.kind, "entry": entry.id, "discarding": True})


async def forget(state: FSMContext) -> None:
    """A typed text is no longer an answer; the entry itself stays as it is."""
    if await state.get_data():
        await state.set_data({})


class Filling(BaseFilter):
    """Passes while a form is being filled, and gives the handler `asked`."""

    async def __call__(self, _message: Message, state: FSMContext) -> bool | dict[str, Any]:
        asked = await recall(state)
        return {"asked": asked} if asked else False
