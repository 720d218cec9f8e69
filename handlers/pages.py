"""The pages a menu leads to, by name. Going to one ends the answering of a form; its draft stays."""

from collections.abc import Awaitable, Callable

from handlers import asked, home
from handlers.asking import notice_pages
from handlers.filling import beginning, my_filings, my_organizations, own_tables, uploads
from handlers.identity import Turn
from handlers.reminding import deadlines
from handlers.screens import Screen
from handlers.staff import broadcasts, desk, desk_tables, question_desk

Page = Callable[[Turn], Awaitable[Screen]]


async def page(turn: Turn, name: str) -> Screen:
    """The page of that name, the menu for an unknown one; somebody who has not agreed is asked first."""
    if name in READING:
        return await READING[name](turn)
    await asked.forget(turn.state)
    if turn.actor.person.consented_at is None and name not in STAFF and not turn.actor.is_staff:
        return home.welcome()
    return await PAGES.get(name, home.menu)(turn)


async def _help(turn: Turn) -> Screen:
    return home.help_page(turn)


async def _declined(_turn: Turn) -> Screen:
    return home.declined()


# Pages that may be read in the middle of a form, and without consent.
READING: dict[str, Page] = {"help": _help, "notices": notice_pages.index, "decline": _declined}
STAFF = ("overview", "tables", "questions", "broadcasts")
PAGES: dict[str, Page] = {
    "home": home.menu,
    "file": beginning.choose,
    "new": beginning.choose_new,
    "batch": uploads.first_page,
    "mine": my_filings.first_page,
    "print": own_tables.choose,
    "register": beginning.register,
    "organizations": my_organizations.index,
    "overview": desk.first_overview,
    "tables": desk_tables.first_tables,
    "questions": question_desk.first_page,
    "deadlines": deadlines.index,
    "broadcasts": broadcasts.first_page,
}
