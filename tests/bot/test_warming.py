from threading import Event

from bot.warming import warm_later
from notices import Catalog
from policy import Engine


class Slow(Engine):
    """An engine that says when its index is built."""

    def __init__(self) -> None:
        super().__init__(Catalog(()))
        self.warmed = Event()

    def warm(self) -> None:
        self.warmed.set()


def test_the_index_is_built_a_little_after_start() -> None:
    engine = Slow()
    warm_later(engine, 0.02)
    assert engine.warmed.wait(120)


def test_a_program_that_ends_first_builds_none() -> None:
    engine = Slow()
    warm_later(engine, 1)()
    assert not engine.warmed.wait(1.2)
