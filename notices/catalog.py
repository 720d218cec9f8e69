"""All notices the bot knows, loaded once at start."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from notices.model import Notice
from notices.packs import Problem, pack_folders, read_pack

PUBLISHED = Path(__file__).parent / "published"


class BrokenPack(Exception):
    """A pack cannot be loaded; `problems` names file, key and reason."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Catalog:
    """The notices, by slug."""

    notices: tuple[Notice, ...]

    def notice(self, slug: str) -> Notice:
        """The notice of that slug; KeyError when there is none."""
        for item in self.notices:
            if item.slug == slug:
                return item
        raise KeyError(slug)

    def open_notices(self, now: datetime) -> tuple[Notice, ...]:
        """Notices under which something may be filed at `now` (aware)."""
        return tuple(
            notice
            for notice in self.notices
            if notice.status == "open" and any(filing.window.open_at(now) for filing in notice.filings)
        )


def load(path: Path = PUBLISHED) -> Catalog:
    """Load every pack in `path`, or the one pack that it is; raises BrokenPack when one does not fit.

    What only `check` looks at (anchors, labels, overlaps) is not looked at here: published packs pass it in
    the tests, and a start should not pay for it.
    """
    packs = [read_pack(folder) for folder in pack_folders(path)]
    problems = [
        Problem(f"{pack.folder.name}/{problem.file}", problem.key, problem.reason)
        for pack in packs
        for problem in pack.problems
    ]
    if problems:
        raise BrokenPack(problems)
    return Catalog(tuple(pack.notice for pack in packs if pack.notice))
