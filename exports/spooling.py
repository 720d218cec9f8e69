"""Rows put aside while others come, without holding them all in memory."""

import marshal
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

IN_MEMORY = 5_000
"""Rows that wait for the disk, of all numbers together."""

Columns = Sequence[Iterable[Any]]
"""Rows by their columns, of what `marshal` can write: so the loops over them run in C."""


class Spool:
    """Rows put aside by a number, and given back in the numbers' order."""

    def __init__(self) -> None:
        # Closed with the spool: it is read long after this call.
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        self._waiting: dict[int, list[list[Any]]] = {}
        self._rows = 0
        self._pieces: dict[int, list[tuple[int, int]]] = {}

    def __enter__(self) -> "Spool":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def put(self, number: int, columns: Columns) -> None:
        """Put rows aside."""
        waiting = self._waiting.setdefault(number, [[] for _ in columns])
        before = len(waiting[0])
        for column, cells in zip(waiting, columns, strict=True):
            column.extend(cells)
        self._rows += len(waiting[0]) - before
        if self._rows >= IN_MEMORY:
            self._write()

    def read(self) -> Iterator[tuple[int, list[list[Any]]]]:
        """All rows, some hundred at a time: the lowest number first, each number's in the order they came."""
        self._write()
        for number in sorted(self._pieces):
            for start, length in self._pieces[number]:
                self._file.seek(start)
                yield number, marshal.loads(self._file.read(length))

    def _write(self) -> None:
        for number, columns in self._waiting.items():
            piece = self._file.tell(), self._file.write(marshal.dumps(columns))
            self._pieces.setdefault(number, []).append(piece)
        self._waiting, self._rows = {}, 0
