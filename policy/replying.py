"""The message an outcome is told in (Telegram HTML)."""

import templates
from notices import Catalog
from policy.outcome import Outcome


def reply(outcome: Outcome, catalog: Catalog) -> str:
    """The answer with its passages verbatim and cited, or the refusal with whom to ask instead."""
    cited = [
        (catalog.notice(slug), catalog.notice(slug).passage(anchor)) for slug, anchor in outcome.passages
    ]
    related = [
        (catalog.notice(slug), catalog.notice(slug).passage(anchor)) for slug, anchor in outcome.related
    ]
    concerned = catalog.notice(outcome.concerned) if outcome.concerned else None
    return templates.render(
        f"policy.{outcome.kind}",
        outcome=outcome,
        cited=cited,
        related=related,
        concerned=concerned,
        titles=[notice.short_title for notice in catalog.notices],
    )
