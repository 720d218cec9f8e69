"""Indexes take seconds to build (answers, place names): not at start, and not while somebody waits."""

import threading
from collections.abc import Callable

import divisions
from policy import Engine

WARM_AFTER = 2.0


def warm_later(engine: Engine, seconds: float = WARM_AFTER) -> Callable[[], None]:
    """Builds the indexes in a thread of their own a little after start; returns what calls that off.

    A question or a misspelt place that comes earlier builds its index at once.
    """

    def warm() -> None:
        divisions.warm()
        engine.warm()

    timer = threading.Timer(seconds, warm)
    timer.daemon = True
    timer.start()
    return timer.cancel
