"""All conversations in the order in which an update is offered to them."""

from aiogram import Router

from handlers import leftovers, start
from handlers.asking import interruptions, notice_pages, questions
from handlers.filling import (
    beginning,
    form_words,
    my_filings,
    my_organizations,
    own_tables,
    paragraphs,
    regions,
    upload_results,
    uploads,
    wizard_files,
    wizard_taps,
    wizard_words,
)
from handlers.job_results import JobHandler
from handlers.reminding import deadlines
from handlers.staff import broadcast_controls, broadcast_screens, broadcasts, desk, desk_tables, question_desk

JOB_RESULTS: dict[str, JobHandler] = {
    desk_tables.EXPORT: desk_tables.on_exported,
    own_tables.OWN_TABLE: own_tables.on_printed,
    uploads.TEMPLATE: upload_results.on_template,
    uploads.READ: upload_results.on_read,
    wizard_files.FETCH: wizard_files.on_fetched,
    broadcast_screens.LISTING: broadcast_controls.on_listed,
}


def routers() -> list[Router]:
    """The routers; the catch-all stands last."""
    return [
        # What staff were asked to write is theirs to word: a menu's word is no page here.
        question_desk.router,
        broadcasts.router,
        start.router,
        deadlines.router,
        wizard_taps.router,
        regions.router,
        beginning.router,
        my_filings.router,
        own_tables.router,
        my_organizations.router,
        desk.router,
        notice_pages.router,
        uploads.router,
        upload_results.router,
        form_words.router,
        interruptions.router,
        questions.router,
        paragraphs.router,
        wizard_words.router,
        leftovers.router,
    ]
