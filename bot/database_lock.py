"""One running program for each SQLite file: a second one on it would send everything twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows has no flock; there the second program is not noticed.
    fcntl = None  # type: ignore[assignment]


class DatabaseTaken(Exception):
    """Another program runs on this database file."""


@contextmanager
def hold_database(file: Path) -> Iterator[None]:
    """Holds the file until the block ends or the process dies; raises DatabaseTaken."""
    with file.with_name(f"{file.name}.lock").open("w") as lock:
        if fcntl is not None:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise DatabaseTaken(file) from error
        yield
