"""When rungs are due, for how long they are of use, and when it is quiet."""

from datetime import datetime, time, timedelta

import pytest

import notices
from notices.model import Notice, Window
from notices.reminders import Quiet, Reminder, Reminders
from reminders.ladder import SHANGHAI, days_left, rungs, wakes_at


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=SHANGHAI)  # type: ignore[arg-type, misc]


@pytest.fixture(scope="module")
def jiangsu() -> Notice:
    return notices.load().notice("jiangsu-2021")


def closing(notice: Notice, closes: datetime, *days: int, hour: int = 9) -> Notice:
    """The notice with one reminder, and a window that ends then."""
    reminder = Reminder(
        name="r", form="annex2", audience="owing", days_before=days, at=time(hour), template="owing"
    )
    window = notice.filings[0].window
    ends = Window(**{**window.model_dump(), "opens": closes - timedelta(days=60), "closes": closes})
    filing = notice.filings[0].model_copy(update={"window": ends})
    return notice.model_copy(update={"filings": (filing,), "reminders": Reminders(ladder=(reminder,))})


def test_the_ladder_of_the_notice_counts_back_from_20_october(jiangsu: Notice) -> None:
    dues = {rung.due for rung in rungs(jiangsu) if rung.reminder.name == "nothing"}
    assert dues == {at(2021, 9, 29, 9), *(at(2021, 10, day, 9) for day in (13, 17, 19, 20))}
    assert [rung.due for rung in rungs(jiangsu) if rung.reminder.name == "overdue"] == [at(2021, 10, 21, 9)]


@pytest.mark.parametrize(
    ("closes", "days", "due"),
    [
        (at(2024, 3, 1, 23, 59), 1, at(2024, 2, 29, 9)),
        (at(2023, 3, 1, 23, 59), 1, at(2023, 2, 28, 9)),
        (at(2024, 2, 29, 18), 0, at(2024, 2, 29, 9)),
        (at(2024, 2, 29, 18), -1, at(2024, 3, 1, 9)),
        (at(2024, 1, 1, 0, 0), 1, at(2023, 12, 31, 9)),
        (at(2021, 10, 20, 0, 0), 1, at(2021, 10, 19, 9)),
        (datetime.fromisoformat("2021-10-19T16:00:00+00:00"), 1, at(2021, 10, 19, 9)),
    ],
)
def test_days_are_calendar_days_in_shanghai(
    jiangsu: Notice, closes: datetime, days: int, due: datetime
) -> None:
    (rung,) = rungs(closing(jiangsu, closes, days))
    assert rung.due == due


def test_a_late_rung_is_of_use_until_the_next_or_until_the_date(jiangsu: Notice) -> None:
    notice = closing(jiangsu, at(2021, 10, 20, 23, 59), 7, 3, 0, -1)
    assert [rung.useful_until for rung in rungs(notice)] == [
        at(2021, 10, 17, 9),
        at(2021, 10, 20, 9),
        at(2021, 10, 20, 23, 59),
        at(2021, 10, 24, 9),
    ]


def test_no_rung_is_of_use_at_the_same_time_as_another_of_its_line(jiangsu: Notice) -> None:
    notice = closing(jiangsu, at(2024, 3, 5, 12), 21, 7, 3, 1, 0, -1)
    ladder = rungs(notice)
    moment = at(2024, 2, 1, 0)
    while moment < at(2024, 3, 15, 0):
        assert sum(rung.due <= moment < rung.useful_until for rung in ladder) <= 1, moment
        moment += timedelta(minutes=30)


@pytest.mark.parametrize(
    ("local", "quiet"),
    [
        (time(19, 59, 59), False),
        (time(20), True),
        (time(23, 59, 59), True),
        (time(0), True),
        (time(8, 29, 59), True),
        (time(8, 30), False),
        (time(12), False),
    ],
)
def test_quiet_hours_run_over_midnight(local: time, quiet: bool) -> None:
    assert Quiet().holds_at(local) is quiet


@pytest.mark.parametrize(
    ("now", "wakes"),
    [
        (at(2021, 10, 11, 21), at(2021, 10, 12, 8, 30)),
        (at(2021, 10, 12, 0), at(2021, 10, 12, 8, 30)),
        (at(2024, 2, 28, 23), at(2024, 2, 29, 8, 30)),
    ],
)
def test_it_wakes_at_the_end_of_the_quiet_hours(jiangsu: Notice, now: datetime, wakes: datetime) -> None:
    assert wakes_at(jiangsu, now) == wakes


@pytest.mark.parametrize(
    ("now", "left"),
    [(at(2021, 10, 19, 23, 59), 1), (at(2021, 10, 20, 0, 0), 0), (at(2021, 10, 21, 0, 0), -1)],
)
def test_days_left_change_at_midnight(now: datetime, left: int) -> None:
    assert days_left(at(2021, 10, 20, 23, 59, 59), now) == left
