"""The notices to read: their list, dates and contact, their headings and passages, the whole as a file."""

from datetime import datetime

from aiogram import Router
from aiogram.methods import SendDocument
from aiogram.types import CallbackQuery

import templates
from handlers.callbacks import Go, Notices
from handlers.identity import Turn
from handlers.outgoing import Reply, stored
from handlers.scopes import notice_of
from handlers.screens import Row, Screen, button, chat_of, send, show, toast
from notices.model import Notice
from registration.refusals import NotYours
from storage.files import FileStore

router = Router(name="notices")


async def index(turn: Turn) -> Screen:
    """All notices."""
    rows = [
        [button("text", Notices(act="open", notice=item.key), text=item.short_title)]
        for item in turn.catalog.notices
    ]
    return Screen(templates.render("notice.list"), [*rows, [button("home", Go(to="home"))]])


def opened(notice: Notice) -> Screen:
    """A notice's title, dates and contact."""
    text = templates.render(
        "notice.opened",
        title=notice.title,
        citation=notice.citation,
        windows=[
            {
                "form": notice.form(filing.form).title,
                "who": filing.who,
                "closes": filing.window.closes,
                "printed": filing.window.printed,
            }
            for filing in notice.filings
        ],
        phases=notice.phases,
        contact=notice.contact,
    )
    rows = [
        [
            button("read_text", Notices(act="headings", notice=notice.key)),
            button("full_text", Notices(act="file", notice=notice.key)),
        ],
        [button("notices", Go(to="notices")), button("home", Go(to="home"))],
    ]
    return Screen(text, rows)


def headings(notice: Notice, number: int, depth: int) -> Screen:
    """What lies under the first `depth` headings of a passage: deeper headings, or the passages themselves.

    Raises NotYours for a place the text has not.
    """
    if not 0 <= number < len(notice.passages):
        raise NotYours
    above = notice.passages[number].heading_path[:depth]
    under: dict[str, list[int]] = {}
    for place, item in enumerate(notice.passages):
        if item.heading_path[:depth] == above:
            deeper = item.heading_path[depth] if len(item.heading_path) > depth else item.text
            under.setdefault(deeper, []).append(place)
    rows = [
        [button("heading", _under(notice, places, depth + 1), text=" ".join(label.split()))]
        for label, places in under.items()
    ]
    text = templates.render("notice.headings", citation=notice.citation, heading=above)
    ways = [button("notices", Notices(act="open", notice=notice.key)), button("home", Go(to="home"))]
    if depth > 0:
        first = _under(notice, [number, number], depth - 1)
        ways.insert(0, button("headings", first))
    return Screen(text, [*rows, ways])


def _under(notice: Notice, places: list[int], depth: int) -> Notices:
    act = "passage" if len(places) == 1 else "headings"
    return Notices(act=act, notice=notice.key, passage=places[0], depth=depth)


def passage(notice: Notice, number: int) -> Screen:
    """One passage in its place; raises NotYours for a place the text has not."""
    if not 0 <= number < len(notice.passages):
        raise NotYours
    found = notice.passages[number]
    text = templates.render(
        "notice.passage",
        citation=notice.citation,
        heading=found.heading_path,
        text=found.text,
        number=number + 1,
        total=len(notice.passages),
    )
    turning: Row = []
    if number > 0:
        turning.append(
            button("previous_passage", Notices(act="passage", notice=notice.key, passage=number - 1))
        )
    if number + 1 < len(notice.passages):
        turning.append(button("next_passage", Notices(act="passage", notice=notice.key, passage=number + 1)))
    ways = [button("headings", Notices(act="headings", notice=notice.key)), button("home", Go(to="home"))]
    return Screen(text, [turning, ways])


async def full_text(turn: Turn, notice: Notice, files: FileStore, real_now: datetime) -> int:
    """The stored file with a notice's whole text; made when it is asked for first. Returns its id."""
    text = templates.plain(
        "notice.full_text", title=notice.title, citation=notice.citation, passages=notice.passages
    )
    name = templates.plain("notice.file_name", title=notice.short_title)
    # Notepad on an old office machine tells UTF-8 by its mark, and ends lines only at CR LF.
    content = text.replace("\n", "\r\n").encode("utf-8-sig")
    return (await files.keep_once(turn.session, content, name, real_now)).id or 0


@router.callback_query(Notices.filter())
async def on_notice(
    query: CallbackQuery, callback_data: Notices, turn: Turn, files: FileStore, real_now: datetime
) -> list[Reply]:
    """A notice, its headings, a passage, or its file asked for by button."""
    notice = notice_of(turn, callback_data.notice)
    match callback_data.act:
        case "headings":
            return show(query, headings(notice, callback_data.passage, callback_data.depth))
        case "passage":
            return show(query, passage(notice, callback_data.passage))
        case "source":
            # Below the answer it was asked from, which stays.
            return [toast(query), send(chat_of(query), passage(notice, callback_data.passage))]
        case "file":
            number = await full_text(turn, notice, files, real_now)
            caption = templates.render("notice.file_caption", title=notice.title, citation=notice.citation)
            document = SendDocument(
                chat_id=chat_of(query), document=stored(number), caption=caption, parse_mode="HTML"
            )
            return [toast(query), document]
    return show(query, opened(notice))
