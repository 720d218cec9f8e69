"""The question bank of a notice: how people ask for what it says, and for what it does not say.

A bank is the folder `questions/` of a pack; each of its YAML files holds `answers` and `untold` entries
(docs/packs.md). An answer's `spans` are typed facts: text of the notice, tied to an anchor.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field as Bounded
from pydantic import field_validator

from forms.model import Frozen

Attribute = Literal[
    "date",
    "number",
    "who",
    "where",
    "how",
    "what",
    "list",
    "contact",
    "format",
    "eligibility",
    "permission",
    "prohibition",
    "reward",
    "purpose",
    "basis",
    "definition",
    "meta",
    "compare",
]

HEADING = re.compile(r"([(（][一二三四五六七八九十]+[)）]|[一二三四五六七八九十]+、)[^，,。；;(（]+")


class Told(Frozen):
    """One fact the notice states, with the ways people ask for it.

    With mode `any` each anchor answers by itself, best first; with `all` every one is needed. `verdict` is
    set only where the text itself decides a yes/no question, and told only to a question that holds one of
    the words of `decides` (words parted by a blank: all of them). Limits such as 3000-5000 字 need none.
    """

    id: str
    anchors: tuple[str, ...] = Bounded(min_length=1)
    mode: Literal["any", "all"] = "any"
    topic: str
    attribute: Attribute
    spans: tuple[str, ...] = Bounded(min_length=1)
    verdict: Literal["可以", "不可以"] | None = None
    decides: tuple[str, ...] = ()
    wordings: tuple[str, ...] = Bounded(min_length=1)


class Untold(Frozen):
    """What people ask near these passages although the notice does not say it."""

    id: str
    near: tuple[str, ...] = ()
    topic: str
    attribute: Attribute
    wordings: tuple[str, ...] = Bounded(min_length=1)


class Bank(Frozen):
    """Everything people were imagined to ask of one notice."""

    answers: tuple[Told, ...] = ()
    untold: tuple[Untold, ...] = ()

    @field_validator("answers", "untold", mode="before")
    @classmethod
    def _an_empty_key_is_an_empty_list(cls, value: object) -> object:
        return () if value is None else value


def load_bank(folder: Path) -> Bank:
    """All entries of the YAML files in `folder`, in file order; an empty bank when there is no such folder.

    Raises `pydantic.ValidationError` or `yaml.YAMLError` for a file that does not fit the format.
    """
    answers: list[Told] = []
    untold: list[Untold] = []
    for path in sorted(folder.glob("*.yaml")):
        # The C loader reads ten thousand wordings in a fraction of the pure one's time.
        part = Bank.model_validate(yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader) or {})
        answers += part.answers
        untold += part.untold
    return Bank(answers=tuple(answers), untold=tuple(untold))


def bank_faults(bank: Bank, texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What contradicts the passages (`texts` by anchor): pairs of an entry's id and the reason.

    A span must stand verbatim, white space aside, in one of its entry's anchors; a heading answers only in a
    list of headings.
    """
    seen: set[str] = set()
    entries: list[Told | Untold] = [*bank.answers, *bank.untold]
    for entry in entries:
        if entry.id in seen:
            yield entry.id, "the id appears twice"
        seen.add(entry.id)
        anchors = entry.anchors if isinstance(entry, Told) else entry.near
        for anchor in anchors:
            if anchor not in texts:
                yield entry.id, f"there is no passage {anchor}"
        if isinstance(entry, Told):
            for span in entry.spans:
                if not any(squeezed(span) in squeezed(texts.get(anchor, "")) for anchor in anchors):
                    yield entry.id, f"the span {span!r} does not stand in its passages"
            if len(entry.spans) == 1 and HEADING.fullmatch(entry.spans[0]):
                yield entry.id, f"the span {entry.spans[0]!r} is only a heading and answers nothing"


def squeezed(text: str) -> str:
    """The text without white space, as spans are compared."""
    return "".join(text.split())
