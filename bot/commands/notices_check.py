"""`xingcun notices check`: the problems of packs, one a line, as file, key and reason."""

from pathlib import Path

import notices


def problem_lines(path: Path | None) -> list[str]:
    """What is wrong with the packs in `path` (the published ones without); empty when nothing is.

    NotADirectoryError when `path` is no folder.
    """
    return [str(problem) for problem in notices.check(path or notices.PUBLISHED)]
