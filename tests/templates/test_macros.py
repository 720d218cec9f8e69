"""Every macro can be rendered with what it asks for, fits a message, and every refusal has its words."""

import re
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import templates
from handlers.command_menu import command_menu
from registration import refusals

FOLDER = Path(templates.__file__).parent
TOPICS = (
    "buttons",
    "commands",
    "desk",
    "filing",
    "home",
    "invites",
    "notice",
    "organizations",
    "questions",
    "refusals",
    "wizard",
)
MACRO = re.compile(r"{% macro (\w+)\(([^)]*)\)")
MOMENT = datetime(2021, 10, 20, 15, 59, 59, tzinfo=UTC)
TYPED = "<b>&{{7*7}}"

ROW = SimpleNamespace(
    id=1,
    name=TYPED,
    code="320300",
    contact=TYPED,
    phone="13800138000",
    organizations=2,
    filed_organizations=1,
    filings=3,
    beyond=False,
)
SAMPLES: dict[str, Any] = {
    "closes": MOMENT,
    "opens": MOMENT,
    "filed_at": MOMENT,
    "made": MOMENT,
    "due": MOMENT,
    "at": MOMENT,
    "muted": {1},
    "state": "filed",
    "role": "city",
    "lines": [{"label": TYPED, "value": TYPED, "raw": TYPED, **vars(ROW)}],
    "rows": [ROW],
    "facts": [{"label": TYPED, "value": TYPED}],
    "labels": [TYPED],
    "heading": [TYPED],
    "open": [{"title": TYPED, "notice": TYPED, "closes": MOMENT, "days": 3}],
    "versions": [
        {"version": 2, "filed_at": MOMENT, "changes": [{"label": TYPED, "before": TYPED, "after": TYPED}]}
    ],
    "windows": [{"form": TYPED, "who": TYPED, "closes": MOMENT, "printed": TYPED}],
    "phases": [SimpleNamespace(printed=TYPED)],
    "contact": SimpleNamespace(name=TYPED, phone=TYPED, email=TYPED),
    "organization": ROW,
    "asked_at": MOMENT,
    "notice_contact": SimpleNamespace(name=TYPED, phone=TYPED, email=TYPED),
    "answered_at": MOMENT,
    "offices": [TYPED],
    "requests": [{"organization": TYPED, "contact": TYPED, "phone": TYPED}],
    "passages": [SimpleNamespace(heading_path=(TYPED,), text=TYPED)],
    "organizations": 2,
}
NUMBERS = {
    "number",
    "total",
    "count",
    "version",
    "minutes",
    "hours",
    "first",
    "members",
    "drafts",
    "filed",
    "filings",
    "limit",
}


def macros() -> list[tuple[str, str, list[str]]]:
    return [
        (topic, name, [part.split("=")[0].strip() for part in params.split(",") if part.strip()])
        for topic in TOPICS
        for name, params in MACRO.findall((FOLDER / f"{topic}.html").read_text("utf-8"))
    ]


def sample(topic: str, name: str) -> Any:
    if name in NUMBERS:
        return 2
    if topic not in ("desk", "notice") and name in ("organization", "contact"):
        return TYPED
    return SAMPLES.get(name, TYPED)


@pytest.mark.parametrize(("topic", "name", "params"), macros(), ids=lambda value: str(value))
def test_every_macro_says_something_and_escapes_what_was_typed(
    topic: str, name: str, params: list[str]
) -> None:
    given = {param: sample(topic, param) for param in params}
    said = templates.render(f"{topic}.{name}", **given)
    assert said
    assert len(said) < 4096
    assert not re.search(r"<(?!/?(?:b|i|blockquote)>)", said)
    assert "<b>&{{" not in said
    assert "\n\n\n" not in said
    assert templates.plain(f"{topic}.{name}", **given)


def test_every_refusal_has_a_text() -> None:
    codes = [kind.code for kind in refusals.Refusal.__subclasses__()]
    assert len(codes) == len(set(codes)) > 10
    for code in codes:
        assert templates.has(f"refusals.{code}"), code


def test_the_command_menu_fits_telegram() -> None:
    for command in command_menu().commands:
        assert re.fullmatch(r"[a-z]{1,32}", command.command)
        assert 1 <= len(command.description) <= 256
