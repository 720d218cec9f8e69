"""The program as it is delivered: its conversations and its jobs."""

from functools import cache

from aiogram import Dispatcher

from bot.app import App
from bot.dispatching import make_dispatcher
from bot.exporting import export_table, own_table
from bot.importing import make_template, read_upload
from bot.jobs import Job
from bot.keeping import keep_file
from bot.listing import list_undelivered
from bot.settings import Settings
from handlers.filling.own_tables import OWN_TABLE
from handlers.filling.uploads import READ, TEMPLATE
from handlers.filling.wizard_files import FETCH
from handlers.routers import JOB_RESULTS, routers
from handlers.staff.broadcast_screens import LISTING
from handlers.staff.desk_tables import EXPORT

JOB_KINDS: dict[str, Job] = {
    EXPORT: export_table,
    OWN_TABLE: own_table,
    FETCH: keep_file,
    TEMPLATE: make_template,
    READ: read_upload,
    LISTING: list_undelivered,
}


@cache
def dispatcher() -> Dispatcher:
    """The dispatcher of the process: routers may be attached once, and it holds no state of its own."""
    return make_dispatcher(routers(), JOB_RESULTS)


def make_app(settings: Settings) -> App:
    """The whole program, not yet started."""
    return App(settings, dispatcher(), JOB_KINDS)
