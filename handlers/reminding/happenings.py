"""Events gathered for one person, as one message."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import templates
from handlers.callbacks import Cast, Desk, Membership, Own
from handlers.screens import Row, Screen, button
from reminders.events import ANSWERED, CAST, FILED, MISSED, REQUESTED
from storage.broadcasts import Event

SHOWN = 5
MOST_REQUESTS = 20
"""In one message: a keyboard holds a hundred buttons, and a person cannot weigh more at once."""


def compose(events: Sequence[Event]) -> list[Screen]:
    """Everything that has happened, the same things side by side; one message but for a flood of requests."""
    requests = [item.details for item in events if item.kind == REQUESTED]
    first, rest = requests[:MOST_REQUESTS], requests[MOST_REQUESTS:]
    more = [rest[at : at + MOST_REQUESTS] for at in range(0, len(rest), MOST_REQUESTS)]
    said = [*_answers(events), *_requests(first), *_news(events)]
    rows = [*_decisions(first), *_ways(events)]
    told = Screen("\n\n".join(said), rows)
    return [told, *(Screen("".join(_requests(items)), _decisions(items)) for items in more)]


def _answers(events: Sequence[Event]) -> list[str]:
    answers = [item.details for item in events if item.kind == ANSWERED]
    return [
        templates.render(
            "questions.answer", **{**item, "answered_at": datetime.fromisoformat(item["answered_at"])}
        )
        for item in answers
    ]


def _requests(requests: Sequence[dict[str, Any]]) -> list[str]:
    return [templates.render("organizations.requests", requests=requests)] if requests else []


def _decisions(requests: Sequence[dict[str, Any]]) -> list[Row]:
    """A row for each request, told apart by number and name where there are several."""
    rows = []
    for number, item in enumerate(requests, start=1):
        name = f"{number} {item['contact']}" if len(requests) > 1 else ""
        ways = [Membership(act=act, id=item["request"]) for act in ("approve", "refuse")]
        rows.append([button("approve", ways[0], name=name), button("refuse", ways[1], name=name)])
    return rows


def _filed(events: Sequence[Event], role: str) -> list[dict[str, Any]]:
    return [item.details for item in events if item.kind == FILED and item.details["role"] == role]


def _casts(events: Sequence[Event]) -> list[dict[str, Any]]:
    return [item.details for item in events if item.kind == CAST]


def _news(events: Sequence[Event]) -> list[str]:
    own, staff = _filed(events, "member"), _filed(events, "staff")
    dues = [datetime.fromisoformat(item.details["due"]) for item in events if item.kind == MISSED]
    text = templates.render(
        "reminders.told",
        filed=own[:SHOWN],
        filed_total=sum(item["count"] for item in own),
        staff_filed=staff[:SHOWN],
        staff_total=sum(item["count"] for item in staff),
        casts=_casts(events),
        missed=list({due.date(): due for due in dues}.values()),
    )
    return [text] if text else []


def _ways(events: Sequence[Event]) -> list[Row]:
    rows: list[Row] = []
    if _filed(events, "member"):
        rows.append([button("mine", Own(act="list"))])
    if _filed(events, "staff"):
        rows.append([button("overview", Desk(act="overview"))])
    lists = [Cast(act="missed", id=item["broadcast"]) for item in _casts(events)]
    return [*rows, *([button("missed_list", item)] for item in lists[:SHOWN])]
