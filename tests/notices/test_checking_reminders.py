"""`notices.check` names what a ladder of reminders cannot do: no date, no hour, a text that does not fit."""

import shutil
from pathlib import Path

import pytest

import notices

FAULTS = [
    # pack, text there, what it becomes, the key named, part of the reason
    ("jiangsu-2021", "form: annex2", "form: annex3", "ladder.0.form", "nobody files"),
    ("jiangsu-2021", "name: draft", "name: nothing", "ladder.nothing", "appears twice"),
    ("jiangsu-2021", '"09:00"', '"20:00"', "ladder.0.at", "20:00 lies in the quiet hours"),
    ("jiangsu-2021", '"10:00"', "10:00", "ladder.2.at", "quotes"),
    ("jiangsu-2021", "[21, 7, 3, 1, 0]", "[7, 7]", "ladder.0", "each day once"),
    ("jiangsu-2021", "template: owing", "template: owning", "ladder.0.template", "no text 'owning'"),
    (
        "jiangsu-2021",
        "template: owing",
        "template: deadlines",
        "ladder.0.template",
        "'deadlines' does not fit",
    ),
    (
        "jiangsu-2021",
        "template: owing",
        "template: phase_ends",
        "ladder.0.template",
        "only 'owing' or 'filed' or 'overdue'",
    ),
    ("jiangsu-2021", "template: staff", "template: owing", "ladder.4.template", "only 'staff'"),
    ("jiangsu-2021", "audience: nothing_filed", "audience: staff", "ladder.0.template", "only 'staff'"),
    ("shanxi-2023", "phase: survey", "phase: surveys", "ladder.0.phase", "no phase 'surveys'"),
    ("shanxi-2023", "audience: staff", "audience: owing", "ladder.0.audience", "told by a form"),
    (
        "shanxi-2023",
        "template: phase_ends",
        "template: phase_begins",
        "ladder.0.template",
        "only 'phase_ends'",
    ),
    ("shanxi-2023", "template: phase_ends", "template: staff", "ladder.0.template", "only 'phase_ends'"),
    ("shanxi-2023", "edge: starts", "edge: ends", "ladder.2.template", "only 'phase_ends'"),
]


@pytest.mark.parametrize(
    ("slug", "before", "after", "key", "reason"), FAULTS, ids=lambda value: str(value)[:40]
)
def test_a_fault_of_the_ladder_is_named(
    tmp_path: Path, slug: str, before: str, after: str, key: str, reason: str
) -> None:
    pack = Path(shutil.copytree(notices.PUBLISHED / slug, tmp_path / slug))
    ladder = pack / "reminders.yaml"
    text = ladder.read_text("utf-8")
    assert before in text
    ladder.write_text(text.replace(before, after, 1), "utf-8")
    problems = notices.check(pack)
    assert any(p.key == key and reason in p.reason for p in problems), problems
    assert {problem.file for problem in problems} == {f"{slug}/reminders.yaml"}
