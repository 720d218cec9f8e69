"""What staff see of broadcasts: the preview, how one stands, how it ended. Pure."""

from collections.abc import Sequence
from datetime import datetime

from aiogram.methods import EditMessageText

import divisions
import templates
from handlers.callbacks import Cast, Go
from handlers.outgoing import Outgoing, Reply
from handlers.reminding.letters import Writer
from handlers.screens import Row, Screen, button, send
from handlers.staff_words import scope_name
from notices import Catalog
from reminders.casting import Preview, Progress
from reminders.ladder import quiet_at, wakes_at
from storage.audiences import Audience
from storage.broadcasts import Broadcast

LISTING = "undelivered"


def place_of(audience: Audience) -> str:
    """The one organization, the county, the part or the scope an audience lies in."""
    if audience.title:
        return audience.title
    part = "city_proper" if audience.county == audience.scope_code else audience.part
    if part:
        return templates.plain("broadcasts.inside", place=scope_name(audience.scope), part=part_name(part))
    return divisions.get(audience.county).name if audience.county else scope_name(audience.scope)


def part_name(part: str) -> str:
    """What the part of a scope is called that is no division of its own."""
    return templates.plain(f"broadcasts.part_{part}")


def audience_name(audience: Audience) -> str:
    """What the audience is called."""
    return templates.plain(f"broadcasts.audience_{audience.name}")


def _quiet_until(broadcast: Broadcast, catalog: Catalog, now: datetime) -> datetime | None:
    notice = catalog.notice(broadcast.notice)
    return wakes_at(notice, now) if quiet_at(notice, now) else None


def nobody(audience: Audience) -> Screen:
    """There is nobody to write to."""
    text = templates.render("broadcasts.nobody", place=place_of(audience), audience=audience_name(audience))
    return Screen(text, [[button("broadcasts", Go(to="broadcasts"))], [button("home", Go(to="home"))]])


def preview(seen: Preview, catalog: Catalog, now: datetime, go: Cast, leave: Cast) -> Screen:
    """What would be sent, to be confirmed: `go` sends it, `leave` does not."""
    broadcast, audience = seen.broadcast, Audience.from_json(seen.broadcast.audience)
    if not seen.reach.persons:
        return nobody(audience)
    sample = Writer(now).compose(seen.sample).text if seen.sample else ""
    text = templates.render(
        "broadcasts.preview",
        organizations=seen.organizations,
        reach=seen.reach,
        lately=seen.lately,
        quiet_until=_quiet_until(broadcast, catalog, now),
        sample=templates.as_html(sample),
        place=place_of(audience),
        audience=audience_name(audience),
    )
    left = seen.reach.persons - seen.reach.lost - seen.lately
    sending: Row = [button("send_to", go, count=left)] if left > 0 else []
    return Screen(text, [sending, [button("do_not_send", leave)]])


def dropped() -> Screen:
    """A draft was put away."""
    return Screen(templates.render("broadcasts.dropped"), [[button("home", Go(to="home"))]])


def title_of(broadcast: Broadcast) -> str:
    """催报, 群发 or 提醒."""
    return templates.plain(f"broadcasts.title_{broadcast.kind}")


def standing(progress: Progress, catalog: Catalog, now: datetime) -> Screen:
    """How a broadcast stands, with what may be done to it."""
    broadcast = progress.broadcast
    audience = Audience.from_json(broadcast.audience)
    text = templates.render(
        "broadcasts.progress",
        title=title_of(broadcast),
        place=place_of(audience),
        audience=audience_name(audience),
        staff=audience.name == "staff",
        state=broadcast.state,
        tally=progress.tally,
        left=progress.seconds_left,
        quiet_until=_quiet_until(broadcast, catalog, now),
    )
    return Screen(text, _controls(broadcast, missed=progress.tally.missed))


def _controls(broadcast: Broadcast, *, missed: int) -> list[Row]:
    def to(act: str) -> Cast:
        return Cast(act=act, id=broadcast.id or 0)

    if broadcast.state == "running":
        first = [button("pause_sending", to("pause")), button("stop_sending", to("stop"))]
        return [first, [button("refresh", to("show"))]]
    if broadcast.state == "paused":
        return [[button("resume_sending", to("resume")), button("stop_really", to("stop!"))]]
    listed: list[Row] = [[button("missed_list", to("missed"))]] if missed else []
    return [*listed, [button("home", Go(to="home"))]]


def name_of(broadcast: Broadcast) -> str:
    """What the message that shows its progress is known by in the outbox."""
    return f"broadcast:{broadcast.id}"


def progress_edit(progress: Progress, catalog: Catalog, chat_id: int, now: datetime) -> Outgoing:
    """The progress message as it should read now."""
    screen = standing(progress, catalog, now)
    method = EditMessageText(chat_id=chat_id, text=screen.text, parse_mode="HTML", reply_markup=screen.markup)
    return Outgoing(method, edits=name_of(progress.broadcast))


def done_replies(progress: Progress, catalog: Catalog, chat_id: int, now: datetime) -> Sequence[Reply]:
    """The progress message a last time, and a new one, which is heard."""
    text = templates.render(
        "broadcasts.done",
        title=title_of(progress.broadcast),
        state=progress.broadcast.state,
        tally=progress.tally,
    )
    return [progress_edit(progress, catalog, chat_id, now), send(chat_id, Screen(text))]
