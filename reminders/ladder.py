"""When the reminders of a notice are due. Pure: a notice in, moments out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from notices.model import Notice
from notices.reminders import Quiet, Reminder
from storage.audiences import Audience

SHANGHAI = ZoneInfo("Asia/Shanghai")
AFTERWARDS = timedelta(days=3)
QUIET = Quiet()


@dataclass(frozen=True, slots=True)
class Rung:
    """One reminder on one day: due at `due`, of use until `useful_until`, both in Asia/Shanghai."""

    notice: Notice
    reminder: Reminder
    days_before: int
    due: datetime
    useful_until: datetime

    @property
    def key(self) -> str:
        """What it is known by, whenever and by whomever it is fired."""
        return f"{self.notice.slug}/{self.reminder.name}/{self.days_before}"


def deadline(notice: Notice, reminder: Reminder) -> datetime:
    """The moment the reminder hangs on."""
    if reminder.form:
        return notice.filing(reminder.form).window.closes
    phase = notice.phase(reminder.phase)
    return phase.ends if reminder.edge == "ends" else phase.starts


def fired_by(notice: Notice, key: str | None) -> Reminder | None:
    """The reminder behind a broadcast's key; None for one of staff, or where the pack has it no more."""
    name = key.split("/")[1] if key else ""
    return next((item for item in notice.reminders.ladder if item.name == name), None)


def rungs(notice: Notice) -> list[Rung]:
    """All of a notice's ladder, the earliest first."""
    found = [rung for reminder in notice.reminders.ladder for rung in _rungs(notice, reminder)]
    return sorted(found, key=lambda rung: (rung.due, rung.reminder.name))


def _rungs(notice: Notice, reminder: Reminder) -> Iterator[Rung]:
    """A late rung is of use until the next one comes, or until its date has passed; after that, for days."""
    moment = deadline(notice, reminder)
    day = moment.astimezone(SHANGHAI).date()
    dues = {
        days: datetime.combine(day - timedelta(days=days), reminder.at, SHANGHAI)
        for days in reminder.days_before
    }
    for days, due in dues.items():
        later = [other for other in dues.values() if other > due]
        ends = moment if due <= moment else due + AFTERWARDS
        yield Rung(notice, reminder, days, due, min([ends.astimezone(SHANGHAI), *later]))


def quiet_at(notice: Notice | None, now: datetime) -> bool:
    """Whether nothing may be sent to many at `now`."""
    local = now.astimezone(SHANGHAI).time()
    return (notice.reminders.quiet if notice else QUIET).holds_at(local)


def wakes_at(notice: Notice, now: datetime) -> datetime:
    """The end of the quiet hours that hold at `now`."""
    local = now.astimezone(SHANGHAI)
    end = datetime.combine(local.date(), notice.reminders.quiet.ends, SHANGHAI)
    return end if end > local else end + timedelta(days=1)


def days_left(moment: datetime, now: datetime) -> int:
    """Calendar days in Asia/Shanghai from `now` to `moment`; negative once it has passed."""
    return (moment.astimezone(SHANGHAI).date() - now.astimezone(SHANGHAI).date()).days


def audience_of(notice: Notice, reminder: Reminder) -> Audience:
    """Whom a reminder means, in all of the notice's province and of who takes part from beyond it."""
    return Audience(
        name=reminder.audience,
        notice=notice.slug,
        form=reminder.form,
        kinds=kinds_of(notice, reminder.form),
        role="province",
        scope_code=notice.province,
        beyond=True,
    )


def kinds_of(notice: Notice, form: str = "") -> tuple[str, ...]:
    """The kinds of party that file that form, or anything under the notice."""
    if form:
        return notice.filing(form).filers
    return tuple(dict.fromkeys(kind for filing in notice.filings for kind in filing.filers))
