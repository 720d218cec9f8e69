"""The domain clock: real time, or in a trial real time shifted into a notice's window.

Deadlines and what people read go by this clock. Leases, back-off and the expiry of invites go by real time.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import notices
from bot.settings import SHANGHAI, Settings
from notices import Catalog
from storage import kept_settings
from storage.database import Database, Session

OFFSET = "trial clock offset"
ORIGIN = "trial clock set to"


def real_now() -> datetime:
    """The real time, aware."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """Real time plus `offset`."""

    offset: timedelta = timedelta()

    def now(self) -> datetime:
        """The domain's time, in Asia/Shanghai."""
        return (real_now() + self.offset).astimezone(SHANGHAI)

    @property
    def shifted(self) -> bool:
        """True when the domain's time is not the real one."""
        return bool(self.offset)


def first_demonstration_time(catalog: Catalog) -> datetime | None:
    """Where a trial begins when nothing is set: inside the window of the first open notice that has one."""
    for notice in catalog.notices:
        if notice.status == "open" and notice.demonstration_time is not None:
            return notice.demonstration_time
    return None


async def set_clock(session: Session, settings: Settings, catalog: Catalog) -> Clock:
    """The clock of this process: set by XINGCUN_NOW once, and running on through restarts."""
    wanted = _wanted(settings, catalog)
    if wanted is None:
        return Clock()
    kept = await _recall(session, wanted)
    if kept is not None:
        return kept
    offset = wanted - real_now()
    await kept_settings.keep(session, OFFSET, str(offset.total_seconds()))
    await kept_settings.keep(session, ORIGIN, wanted.isoformat())
    return Clock(offset)


async def recall_clock(settings: Settings) -> Clock:
    """The clock of the program on this database, for commands that run beside it; keeps nothing.

    Without a database yet it is the real time.
    """
    wanted = _wanted(settings, notices.load())
    if wanted is None or (settings.database_file is not None and not settings.database_file.exists()):
        return Clock()
    database = Database.open(settings.database_address)
    try:
        async with database.snapshot() as session:
            return await _recall(session, wanted) or Clock(wanted - real_now())
    finally:
        await database.close()


def _wanted(settings: Settings, catalog: Catalog) -> datetime | None:
    if settings.now is not None:
        return settings.now
    return first_demonstration_time(catalog) if settings.trial else None


async def _recall(session: Session, wanted: datetime) -> Clock | None:
    kept = await kept_settings.recall(session, OFFSET)
    if kept is None or await kept_settings.recall(session, ORIGIN) != wanted.isoformat():
        return None
    return Clock(timedelta(seconds=float(kept)))
