"""催报 and 群发: whom, which words, the preview. What follows is in `handlers.broadcast_controls`."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, get_args

from aiogram import Router
from aiogram.filters import BaseFilter
from aiogram.types import CallbackQuery, Message

import templates
from handlers import asked
from handlers.callbacks import Cast, Go
from handlers.identity import Turn
from handlers.outgoing import Reply
from handlers.scopes import notices_of
from handlers.screens import Button, Row, Screen, button, in_rows, show
from handlers.staff import broadcast_controls, broadcast_screens
from handlers.staff.broadcast_choice import Choice, choice_of
from handlers.staff.broadcast_controls import Control, Paced
from handlers.staff_words import scope_name
from handlers.words import cancels
from registration import overview
from registration.refusals import NotYours
from reminders import casting
from storage import audiences, broadcast_queries
from storage.audiences import Audience, Name
from storage.broadcasts import Broadcast
from storage.scopes import Scope

router = Router(name="broadcasts")
PAGE, SHOWN, LOOKED_AT = 8, 5, 50
LONGEST = 3000
WRITING, CUT = "letter", "cut"
REST_SECONDS = 2
EVERYONE: tuple[Name, ...] = ("everyone",)
LETTER_AUDIENCES: tuple[Name, ...] = ("owing", "nothing_filed", "draft_only", "all_filed", *EVERYONE)


class Writing(BaseFilter):
    """Passes while staff write a text for many, and gives `data`, what was chosen."""

    async def __call__(self, message: Message, turn: Turn) -> bool | dict[str, Any]:
        kept = await turn.state.get_data()
        if WRITING not in kept or (message.text or "").startswith("/"):
            return False
        return {"data": Cast.model_validate(kept[WRITING])}


async def first_page(turn: Turn) -> Screen:
    """The ways on, in the person's widest scope, for the only notice or one they choose."""
    if not turn.actor.is_staff:
        return Screen(templates.render("desk.not_staff"), [_home()])
    scope = turn.actor.scopes[0]
    notices = notices_of(turn, scope)
    if len(notices) == 1:
        return await start(choice_of(turn, Cast(act="start", notice=notices[0].key, scope=scope.code)))
    rows = [
        [button("text", Cast(act="start", notice=item.key, scope=scope.code), text=item.short_title)]
        for item in notices
    ]
    return Screen(templates.render("broadcasts.choose_notice" if rows else "desk.nothing"), [*rows, _home()])


def _home() -> Row:
    return [button("home", Go(to="home"))]


async def start(choice: Choice) -> Screen:
    """催报, 群发, what the ladder will send; and what was sent lately in this scope."""
    sent = await broadcast_queries.recent(choice.turn.session, choice.notice.slug, limit=LOOKED_AT)
    prefix = choice.scope.prefix
    within = [item for item in sent if Audience.from_json(item.audience).scope.prefix.startswith(prefix)]
    files = bool(choice.notice.filings)
    chase = [button("chase", choice.to("chase"))] if files else []
    rows = [
        [*chase, button("cast_letter", choice.to("letter"))],
        [button("schedule", choice.to("plan"))],
        *([_row(item)] for item in within[:SHOWN]),
        _home(),
    ]
    return Screen(templates.render("broadcasts.start", place=scope_name(choice.scope), files=files), rows)


def _row(broadcast: Broadcast) -> Button:
    audience = Audience.from_json(broadcast.audience)
    named = broadcast_screens.audience_name if broadcast.key else broadcast_screens.place_of
    return button(
        "sent_before",
        Cast(act="show", id=broadcast.id or 0),
        title=broadcast_screens.title_of(broadcast),
        whom=named(audience),
        state=broadcast.state,
        at=broadcast.due_at,
    )


async def _chase(choice: Choice) -> Screen:
    count = await audiences.count_organizations(choice.turn.session, choice.audience())
    rows: list[Row] = []
    if count:
        rows = [
            [button("chase_all", choice.to("all"), count=count)],
            [
                button("by_place", choice.to("places", who="")),
                button("by_organization", choice.to("pick")),
            ],
        ]
    text = templates.render("broadcasts.chase", place=choice.place, organizations=count)
    return Screen(text, [*rows, _home()])


async def _all(choice: Choice) -> Screen:
    return await _preview(choice, "chase", choice.audience(), "")


async def _one(choice: Choice) -> Screen:
    audience = choice.audience(organization=choice.data.id)
    found = await audiences.list_organizations(choice.turn.session, audience, limit=1, offset=0)
    named = replace(audience, title=found[0].name) if found else audience
    return await _preview(choice, "chase", named, "")


async def _pick(choice: Choice) -> Screen:
    """A page of the organizations that owe something."""
    page = choice.data.page
    found = await audiences.list_organizations(
        choice.turn.session, choice.audience(), limit=PAGE + 1, offset=page * PAGE
    )
    rows: list[Row] = [
        [button("text", choice.to("one", id=item.id), text=item.name)] for item in found[:PAGE]
    ]
    turning: Row = [button("previous_page", choice.to("pick", page=page - 1))] if page else []
    if len(found) > PAGE:
        turning.append(button("next_page", choice.to("pick", page=page + 1)))
    return Screen(templates.render("broadcasts.pick", place=choice.place), [*rows, turning, _home()])


async def _places(choice: Choice) -> Screen:
    """The cities or counties in which there is somebody to write to, and those who stand in none."""
    lines = await overview.lines(choice.turn.session, choice.turn.actor, choice.notice, choice.scope)
    who = choice.data.who
    buttons = []
    for line in lines:
        count = line.organizations if who else line.organizations - line.filed_organizations
        if not count:
            continue
        step = choice.to("write" if who else "all", **_step_into(line, choice.scope))
        buttons.append(button("place_count", step, name=_name_of_place(line, choice.scope), count=count))
    text = templates.render("broadcasts.places", place=choice.place)
    return Screen(text, [*in_rows(buttons, 2), _home()])


def _step_into(line: overview.Line, scope: Scope) -> dict[str, str]:
    if not line.code:
        return {"county": "elsewhere" if line.beyond else "province_level"}
    return {"scope": line.code} if scope.role == "province" else {"county": line.code}


def _name_of_place(line: overview.Line, scope: Scope) -> str:
    if not line.code:
        return broadcast_screens.part_name("elsewhere" if line.beyond else "province_level")
    return broadcast_screens.part_name("city_proper") if line.code == scope.code else line.name


async def _letter(choice: Choice) -> Screen:
    rows = [
        [button("text", choice.to("where", who=name), text=templates.plain(f"broadcasts.audience_{name}"))]
        for name in (LETTER_AUDIENCES if choice.notice.filings else EVERYONE)
    ]
    return Screen(templates.render("broadcasts.audience", place=choice.place), [*rows, _home()])


async def _where(choice: Choice) -> Screen:
    rows = [
        [button("whole", choice.to("write"), name=choice.place)],
        [button("by_place", choice.to("places"))] if choice.notice.filings else [],
        _home(),
    ]
    return Screen(templates.render("broadcasts.places", place=choice.place), rows)


async def _write(choice: Choice) -> Screen:
    """From now on what the person types is the text, if there is anybody to read it."""
    audience = choice.audience(_name_of(choice.data.who))
    if not (await audiences.measure(choice.turn.session, audience, choice.turn.channel)).persons:
        return broadcast_screens.nobody(audience)
    await choice.turn.state.set_data({WRITING: choice.data.model_dump()})
    return _ask_words(choice)


def _ask_words(choice: Choice) -> Screen:
    audience = choice.audience(_name_of(choice.data.who))
    text = templates.render(
        "broadcasts.write", place=choice.place, audience=broadcast_screens.audience_name(audience)
    )
    return Screen(text, [[button("cancel", Go(to="broadcasts"))]])


def _name_of(who: str) -> Name:
    for name in get_args(Name):
        if name == who and name in LETTER_AUDIENCES:
            found: Name = name
            return found
    raise NotYours


@router.message(Writing())
async def on_words(message: Message, data: Cast, turn: Turn) -> list[Reply]:
    """Shows what was written as its readers will see it, be it a word of the menu."""
    choice = choice_of(turn, data)
    if cancels(message):
        await asked.forget(turn.state)
        return show(message, await start(choice))
    words = (message.text or "").strip()
    # Telegram counts in UTF-16 code units.
    too_long = len(words.encode("utf-16-le")) // 2 > LONGEST
    if not words or too_long or await _is_rest(message, turn):
        cut = message.date.timestamp() if too_long else 0
        await turn.state.set_data({WRITING: data.model_dump(), CUT: cut})
        return show(message, _ask_words(choice).under(templates.render("broadcasts.write_again")))
    await asked.forget(turn.state)
    return show(message, await _preview(choice, "letter", choice.audience(_name_of(data.who)), words))


async def _is_rest(message: Message, turn: Turn) -> bool:
    """Whether it is what a client cut off a text too long for one message: half a letter, were it sent."""
    cut: float = (await turn.state.get_data()).get(CUT, 0)
    return message.date.timestamp() - cut <= REST_SECONDS


async def _preview(choice: Choice, kind: str, audience: Audience, words: str) -> Screen:
    turn = choice.turn
    broadcast = await casting.draft(
        turn.session, kind, choice.notice, audience, words, turn.actor.id, turn.now
    )
    seen = await casting.preview(turn.session, broadcast, choice.notice, turn.channel, turn.now)
    go, leave = (Cast(act=act, id=broadcast.id or 0) for act in ("go", "drop"))
    return broadcast_screens.preview(seen, turn.catalog, turn.now, go, leave)


CHOOSING: dict[str, Callable[[Choice], Awaitable[Screen]]] = {
    "start": start,
    "chase": _chase,
    "all": _all,
    "one": _one,
    "pick": _pick,
    "places": _places,
    "letter": _letter,
    "where": _where,
    "write": _write,
}


@router.callback_query(Cast.filter())
async def on_cast(
    query: CallbackQuery, callback_data: Cast, turn: Turn, real_now: datetime, settings: Paced
) -> list[Reply]:
    """A step towards a broadcast, or of one."""
    if callback_data.act in CHOOSING:
        await asked.forget(turn.state)
        screen = await CHOOSING[callback_data.act](choice_of(turn, callback_data))
        return show(query, screen)
    control = Control(query, callback_data, turn, real_now, settings.rate_overall)
    return await broadcast_controls.act(control)
