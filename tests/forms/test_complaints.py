"""Every complaint has a text."""

import re
from pathlib import Path

import forms
import templates

ROOT = Path(forms.__file__).parent


def test_every_complaint_code_has_a_text() -> None:
    codes: set[str] = set()
    for path in ROOT.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        codes |= set(re.findall(r'(?:_refuse\((?:raw, )?|Complaint\()\s*"([a-z_]+)"', source))
    for lexicon in (ROOT / "lexicons").glob("*.yaml"):
        codes |= set(re.findall(r": ([a-z]+_[a-z_]+)$", lexicon.read_text(encoding="utf-8"), re.MULTILINE))
    assert len(codes) > 45
    assert [code for code in sorted(codes) if not templates.has(f"complaints.{code}")] == []
