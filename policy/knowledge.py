"""What can be answered and what cannot: the banks and passages of all notices, as classes and rows."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import get_args

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]

import divisions
from notices.bank import Attribute, Bank, Told, Untold
from notices.model import Notice, Passage
from policy.index import Row
from policy.places import named_provinces
from policy.wording import lexicon

ATTRIBUTES: tuple[str, ...] = get_args(Attribute)
TOPIC_WEIGHT = 0.7


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing people ask: an entry of a notice's bank, or something outside all notices (no notice)."""

    notice: str
    label: int
    entry: Told | Untold | None
    kind: str

    @property
    def told(self) -> Told | None:
        """The entry where the notice answers it."""
        return self.entry if isinstance(self.entry, Told) else None


@dataclass(frozen=True, slots=True)
class Class:
    """What would be returned: the passages, all of one notice; no passages for what is not told."""

    notice: str
    anchors: tuple[str, ...]
    kind: str


class Knowledge:
    """Classes, intents and rows of the given notices and their banks (by slug)."""

    def __init__(self, notices: Iterable[Notice], banks: Mapping[str, Bank]) -> None:
        self.notices = {notice.slug: notice for notice in notices}
        self.passages: dict[str, tuple[str, Passage]] = {}
        self.classes: list[Class] = []
        self.intents: list[Intent] = []
        self.rows: list[Row] = []
        self.entries: dict[int, list[Told]] = defaultdict(list)
        self._numbers: dict[tuple[str, ...], int] = {}
        for notice in self.notices.values():
            self._take_passages(notice)
        for notice in self.notices.values():
            self._take_bank(notice, banks.get(notice.slug, Bank()))
        self._take_outside()

    def province(self, slug: str) -> str:
        """The full name of the province whose notice that is."""
        return divisions.get(self.notices[slug].province).name

    def _class(self, notice: str, anchors: tuple[str, ...], kind: str) -> int:
        key = (kind, notice, *anchors)
        if key not in self._numbers:
            self._numbers[key] = len(self.classes)
            self.classes.append(Class(notice, anchors, kind))
        return self._numbers[key]

    def _take_passages(self, notice: Notice) -> None:
        for passage in notice.passages:
            self.passages[passage.id] = (notice.slug, passage)
            label = self._class(notice.slug, (passage.id,), "told")
            number = len(self.intents)
            self.intents.append(Intent(notice.slug, label, None, "passage"))
            self.rows.append(Row(" ".join(passage.heading_path[-2:]), label, number, TOPIC_WEIGHT))
            for sentence in sentences(passage.text):
                self.rows.append(Row(sentence, label, number, TOPIC_WEIGHT))

    def _take_bank(self, notice: Notice, bank: Bank) -> None:
        for told in bank.answers:
            anchors = told.anchors if told.mode == "all" else told.anchors[:1]
            label = self._class(notice.slug, anchors, "told")
            self.entries[label].append(told)
            self._take(Intent(notice.slug, label, told, "told"), told.topic, told.wordings)
        for untold in bank.untold:
            label = self._class(notice.slug, untold.near[:1], "untold")
            wordings = [(wording, self._of_others(wording, notice.slug)) for wording in untold.wordings]
            own = [wording for wording, others in wordings if not others]
            self._take(Intent(notice.slug, label, untold, "untold"), untold.topic, own)
            for other in self.notices:
                theirs = [wording for wording, others in wordings if other in others]
                if theirs:
                    label = self._class(other, (), "untold")
                    self._take(Intent(other, label, untold, "untold"), untold.topic, theirs)

    def _of_others(self, wording: str, slug: str) -> set[str]:
        """The other notices a wording is about, by the provinces it names, where it does not name its own.

        山西的案例字数 in the bank of 江苏 says that 山西 leaves it untold; it says nothing of 案例字数 alone.
        """
        names = set(named_provinces(wording))
        if not names or self.province(slug) in names:
            return set()
        return {other for other in self.notices if other != slug and self.province(other) in names}

    def _take(self, intent: Intent, topic: str, wordings: Iterable[str]) -> None:
        number = len(self.intents)
        self.intents.append(intent)
        self.rows.append(Row(topic, intent.label, number, TOPIC_WEIGHT))
        self.rows += [Row(wording, intent.label, number) for wording in wordings]

    def _take_outside(self) -> None:
        for group in lexicon("outside"):
            label = self._class("", (), group["kind"])
            for wording in group["wordings"]:
                self.intents.append(Intent("", label, None, group["kind"]))
                self.rows.append(Row(str(wording), label, len(self.intents) - 1))

    def targets(self) -> sparse.csr_matrix:
        """One line a row: its weight in its class's column and in its attribute's."""
        goals: dict[tuple[int, int], float] = {}
        for number, row in enumerate(self.rows):
            goals[number, row.label] = row.weight
            entry = self.intents[row.intent].entry
            if entry:
                goals[number, len(self.classes) + ATTRIBUTES.index(entry.attribute)] = row.weight
            if isinstance(entry, Told) and entry.mode == "any":
                for other in entry.anchors[1:]:
                    notice, _ = self.passages[other]
                    goals[number, self._class(notice, (other,), "told")] = row.weight / 2
        places = np.array(list(goals), np.int64).reshape(-1, 2)
        return sparse.csr_matrix(
            (np.array(list(goals.values()), np.float32), (places[:, 0], places[:, 1])),
            shape=(len(self.rows), len(self.classes) + len(ATTRIBUTES)),
        )


def sentences(text: str) -> list[str]:
    """A passage's text cut where an official text breathes."""
    return [part for part in re.split(r"[，,。；;：:\n\t]+", text) if len(part) > 1]
