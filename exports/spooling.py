"""Rows put aside while others come, without holding them all in memory."""

import marshal
import tempfile
from collections.abc import Iterator
from typing import Any

BATCH = 500
IN_MEMORY = 1 << 20
"""Bytes a number's rows take before they move to disk."""

Plain = tuple[Any, ...]
"""A row of what `marshal` can write."""


class Spool:
    """Rows put aside by a number, and given back in the numbers' order."""

    def __init__(self) -> None:
        self._shelves: dict[int, _Shelf] = {}

    def __enter__(self) -> "Spool":
        return self

    def __exit__(self, *_: object) -> None:
        for shelf in self._shelves.values():
            shelf.close()

    def put(self, number: int, row: Plain) -> None:
        """Put a row aside."""
        if number not in self._shelves:
            self._shelves[number] = _Shelf()
        self._shelves[number].put(row)

    def read(self) -> Iterator[tuple[int, list[Plain]]]:
        """All rows, some hundred at a time: the lowest number first, each number's in the order they came."""
        for number, shelf in sorted(self._shelves.items()):
            for batch in shelf.read():
                yield number, batch


class _Shelf:
    """One number's rows, written in batches: reading many small objects one by one would be slow."""

    def __init__(self) -> None:
        # Closed with the spool: it is read long after this call.
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
        self._lengths: list[int] = []
        self._batch: list[Plain] = []

    def put(self, row: Plain) -> None:
        self._batch.append(row)
        if len(self._batch) == BATCH:
            self._flush()

    def read(self) -> Iterator[list[Plain]]:
        self._flush()
        self._file.seek(0)
        for length in self._lengths:
            yield marshal.loads(self._file.read(length))

    def close(self) -> None:
        self._file.close()

    def _flush(self) -> None:
        if not self._batch:
            return
        self._lengths.append(self._file.write(marshal.dumps(self._batch)))
        self._batch.clear()
