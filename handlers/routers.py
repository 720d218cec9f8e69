"""All conversations in the order in which an update is offered to them."""

from aiogram import Router

from handlers import (
    beginning,
    broadcast_controls,
    broadcast_screens,
    broadcasts,
    deadlines,
    desk,
    desk_tables,
    form_words,
    interruptions,
    leftovers,
    my_filings,
    my_organizations,
    notice_pages,
    own_tables,
    paragraphs,
    question_desk,
    questions,
    regions,
    start,
    upload_results,
    uploads,
    wizard_files,
    wizard_taps,
    wizard_words,
)
from handlers.job_results import JobHandler

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
        questions.leftover_router,
        leftovers.router,
    ]
