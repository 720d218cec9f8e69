"""Events gathered for one person, as one message."""

from collections.abc import Sequence
from datetime import datetime

import templates
from handlers.callbacks import Cast, Desk, Own
from handlers.screens import Row, Screen, button
from reminders.events import CAST, FILED, MISSED
from storage.broadcasts import Event

SHOWN = 5


def compose(events: Sequence[Event]) -> Screen:
    """Everything that has happened, the same things side by side."""
    own = [item.details for item in events if item.kind == FILED and item.details["role"] == "member"]
    staff = [item.details for item in events if item.kind == FILED and item.details["role"] == "staff"]
    casts = [item.details for item in events if item.kind == CAST]
    dues = [datetime.fromisoformat(item.details["due"]) for item in events if item.kind == MISSED]
    missed = list({due.date(): due for due in dues}.values())
    text = templates.render(
        "reminders.told",
        filed=own[:SHOWN],
        filed_total=sum(item["count"] for item in own),
        staff_filed=staff[:SHOWN],
        staff_total=sum(item["count"] for item in staff),
        casts=casts,
        missed=missed,
    )
    rows: list[Row] = []
    if own:
        rows.append([button("mine", Own(act="list"))])
    if staff:
        rows.append([button("overview", Desk(act="overview"))])
    rows += [[button("missed_list", Cast(act="missed", id=item["broadcast"]))] for item in casts[:SHOWN]]
    return Screen(text, rows)
