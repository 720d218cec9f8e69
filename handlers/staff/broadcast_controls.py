"""A broadcast confirmed, shown, paused, stopped, or asked whom it missed; the ladder fired by hand."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aiogram.methods import EditMessageText, SendDocument
from aiogram.types import CallbackQuery

import templates
from handlers.callbacks import Cast, Go
from handlers.identity import Turn
from handlers.job_results import JobResult
from handlers.outgoing import Outgoing, Reply, stored
from handlers.scopes import notice_of, scope_of
from handlers.screens import Screen, button, chat_of, replace_card, say, send, show, toast
from handlers.staff import broadcast_screens
from handlers.staff.broadcast_screens import LISTING, audience_name, name_of, title_of
from registration.refusals import NotYours, WrongState
from reminders import casting, firing
from reminders.ladder import Rung, audience_of, rungs
from storage import audit, broadcast_queries, jobs
from storage.audiences import Audience
from storage.broadcasts import Broadcast
from storage.scopes import Scope


class Paced(Protocol):
    """The settings that say how fast messages may leave, a second."""

    rate_overall: float


@dataclass(frozen=True, slots=True)
class Control:
    """A tap of staff on a broadcast, at real time `wall`, while `rate` messages a second may leave."""

    query: CallbackQuery
    data: Cast
    turn: Turn
    wall: datetime
    rate: float

    async def broadcast(self) -> Broadcast:
        """The broadcast, if all of its audience lies in the person's scopes; raises NotYours."""
        found = await broadcast_queries.get(self.turn.session, self.data.id)
        if found is None:
            raise NotYours
        self.turn.actor.require_scope(Audience.from_json(found.audience).scope)
        return found

    async def note(self, action: str, broadcast: Broadcast) -> None:
        """One row of the audit trail."""
        await audit.record(
            self.turn.session,
            f"broadcast_{action}",
            "broadcast",
            broadcast.id,
            person_id=self.turn.actor.id,
            at=self.turn.now,
        )


async def act(control: Control) -> list[Reply]:
    """Does what the button says; raises NotYours for one there is not."""
    step = CONTROLS.get(control.data.act)
    if step is None:
        raise NotYours
    return await step(control)


async def _go(control: Control) -> list[Reply]:
    broadcast = await control.broadcast()
    if await casting.confirm(control.turn.session, broadcast, control.turn.now, control.wall):
        await control.note("begun", broadcast)
    return await _standing(control)


async def _drop(control: Control) -> list[Reply]:
    await casting.drop(control.turn.session, await control.broadcast(), control.wall)
    return await _standing(control)


async def _pause(control: Control) -> list[Reply]:
    broadcast = await control.broadcast()
    if await casting.pause(control.turn.session, broadcast):
        await control.note("paused", broadcast)
    return await _standing(control)


async def _resume(control: Control) -> list[Reply]:
    broadcast = await control.broadcast()
    if await casting.resume(control.turn.session, broadcast):
        await control.note("resumed", broadcast)
    return await _standing(control)


async def _stop(control: Control) -> list[Reply]:
    broadcast = await control.broadcast()
    if await casting.cancel(control.turn.session, broadcast, control.wall):
        await control.note("cancelled", broadcast)
    return await _standing(control)


async def _standing(control: Control) -> list[Reply]:
    """The tapped card becomes the message that shows how it stands, and is kept up to date as it goes."""
    session, turn = control.turn.session, control.turn
    broadcast = await control.broadcast()
    if broadcast.state == "cancelled" and broadcast.started_at is None:
        return show(control.query, broadcast_screens.dropped())
    progress = await casting.progress(session, broadcast, control.rate)
    edit = replace_card(control.query, broadcast_screens.standing(progress, turn.catalog, turn.now))
    if broadcast.created_by != turn.actor.id or not isinstance(edit, EditMessageText):
        return [toast(control.query), edit]
    return [toast(control.query), Outgoing(edit, name=name_of(broadcast))]


async def _missed(control: Control) -> list[Reply]:
    """Begins the list of who was not reached, in the person's widest scope that the broadcast touches."""
    broadcast = await broadcast_queries.get(control.turn.session, control.data.id)
    if broadcast is None or not control.turn.actor.is_staff or control.query.bot is None:
        raise NotYours
    scope = _own_part(control.turn, Audience.from_json(broadcast.audience).scope)
    await jobs.enqueue(
        control.turn.session,
        LISTING,
        {"broadcast": broadcast.id, "role": scope.role, "scope": scope.code},
        bot_id=control.query.bot.id,
        chat_id=chat_of(control.query),
        now=control.wall,
    )
    return say(control.query, "broadcasts.listing")


def _own_part(turn: Turn, whole: Scope) -> Scope:
    """The part of a broadcast's scope that the person may see; raises NotYours when there is none."""
    for own in turn.actor.scopes:
        if own == whole or (own.role == "province" and whole.code.startswith(own.prefix)):
            return whole
    for own in turn.actor.scopes:
        if whole.role == "province" and own.code.startswith(whole.prefix):
            return own
    raise NotYours


async def on_listed(job: JobResult, turn: Turn) -> list[Reply]:
    """Sends the finished list, if the person still may have it."""
    broadcast = await broadcast_queries.get(turn.session, job.payload["broadcast"])
    turn.actor.require_scope(Scope(job.payload["role"], job.payload["scope"]))
    chat_id = turn.actor.person.chat_id
    if job.failed or broadcast is None:
        return [send(chat_id, Screen(templates.render("broadcasts.list_failed")))]
    if not job.result["count"]:
        return [send(chat_id, Screen(templates.render("broadcasts.all_reached")))]
    caption = templates.render(
        "broadcasts.listed",
        count=job.result["count"],
        title=title_of(broadcast),
        staff=broadcast.kind == "report",
    )
    return [
        SendDocument(chat_id=chat_id, document=stored(job.result["file"]), caption=caption, parse_mode="HTML")
    ]


async def _plan(control: Control) -> list[Reply]:
    """The rungs of the notice's ladder: what went out, what was missed, what is to come."""
    notice, scope = notice_of(control.turn, control.data.notice), scope_of(control.data.scope)
    control.turn.actor.require_scope(scope)
    ladder = rungs(notice)
    known = await broadcast_queries.of_keys(control.turn.session, [rung.key for rung in ladder])
    lines = [
        {
            "due": rung.due,
            "audience": audience_name(audience_of(notice, rung.reminder)),
            "state": known[rung.key].state if rung.key in known else "",
            "total": known[rung.key].total if rung.key in known else 0,
        }
        for rung in ladder
    ]
    text = templates.render("broadcasts.schedule", title=notice.short_title, rows=lines)
    coming = [number for number, rung in enumerate(ladder) if rung.key not in known]
    rows = []
    if coming and scope.role == "province":
        due, who = lines[coming[0]]["due"], lines[coming[0]]["audience"]
        fire = control.data.model_copy(update={"act": "fire", "page": coming[0]})
        rows.append([button("fire_now", fire, due=due, audience=who)])
    return show(control.query, Screen(text, [*rows, [button("home", Go(to="home"))]]))


def _rung(control: Control) -> Rung:
    """The rung a button names; raises NotYours, WrongState for one that is of no use any more."""
    notice = notice_of(control.turn, control.data.notice)
    control.turn.actor.require_scope(Scope("province", notice.province))
    ladder = rungs(notice)
    if control.data.page >= len(ladder):
        raise NotYours
    rung = ladder[control.data.page]
    if control.turn.now > rung.useful_until:
        raise WrongState
    return rung


async def _offer(control: Control) -> list[Reply]:
    """A rung as it would be sent before its time, to be confirmed."""
    turn, rung = control.turn, _rung(control)
    if await broadcast_queries.of_keys(turn.session, [rung.key]):
        return say(control.query, "broadcasts.fired_before")
    broadcast = firing.broadcast_of(rung, "draft", turn.now, control.wall)
    seen = await casting.preview(turn.session, broadcast, rung.notice, turn.channel, turn.now)
    go, leave = (control.data.model_copy(update={"act": act}) for act in ("fire!", "plan"))
    return show(control.query, broadcast_screens.preview(seen, turn.catalog, turn.now, go, leave))


async def _fire(control: Control) -> list[Reply]:
    """Sends a rung before its time; the clock will not send it again."""
    turn, rung = control.turn, _rung(control)
    fired = await firing.fire(turn.session, rung, turn.now, control.wall, by=turn.actor.id)
    if fired is None:
        return say(control.query, "broadcasts.fired_before")
    control = Control(control.query, Cast(act="show", id=fired), turn, control.wall, control.rate)
    await control.note("begun", await control.broadcast())
    return await _standing(control)


CONTROLS: dict[str, Callable[[Control], Awaitable[list[Reply]]]] = {
    "go": _go,
    "drop": _drop,
    "show": _standing,
    "pause": _pause,
    "resume": _resume,
    # Nothing leaves while it is thought over: the paused card is where one stops for good.
    "stop": _pause,
    "stop!": _stop,
    "missed": _missed,
    "plan": _plan,
    "fire": _offer,
    "fire!": _fire,
}
