"""The message an outcome is told in (Telegram HTML)."""

import templates
from notices import Catalog
from policy.outcome import Outcome


def reply(outcome: Outcome, catalog: Catalog) -> str:
    """The answer with its passages verbatim and cited, or the refusal with the notices' contacts."""
    cited = [
        (catalog.notice(slug), catalog.notice(slug).passage(anchor)) for slug, anchor in outcome.passages
    ]
    related = [
        (catalog.notice(slug), catalog.notice(slug).passage(anchor)) for slug, anchor in outcome.related
    ]
    contacts = [notice for notice in catalog.notices if notice.contact and notice.contact.phone]
    if outcome.turn.notice and catalog.notice(outcome.turn.notice) in contacts:
        contacts = [catalog.notice(outcome.turn.notice)]
    return templates.render(
        f"policy.{outcome.kind}", outcome=outcome, cited=cited, related=related, contacts=contacts
    )
