"""The reminders of a pack (`reminders.yaml`): when, whom, with which text."""

from datetime import time
from typing import Annotated, Literal

from pydantic import BeforeValidator, model_validator

from forms.model import Frozen

Audience = Literal["nothing_filed", "draft_only", "owing", "all_filed", "everyone", "staff"]


def _as_time(value: object) -> object:
    # YAML 1.1 reads 20:00 without quotes as the number 1200; a wrong hour would go unseen.
    if isinstance(value, int):
        raise ValueError('put the time in quotes: "08:30"')
    return value


Clock = Annotated[time, BeforeValidator(_as_time)]


class Quiet(Frozen):
    """When nothing is sent to many, by Asia/Shanghai time; `starts` counts as quiet, `ends` does not."""

    starts: Clock = time(20)
    ends: Clock = time(8, 30)

    def holds_at(self, moment: time) -> bool:
        """Whether it is quiet at that time of day; hours may run over midnight."""
        if self.starts <= self.ends:
            return self.starts <= moment < self.ends
        return moment >= self.starts or moment < self.ends


class Reminder(Frozen):
    """A line of the ladder: one text for one audience, on several days around one date.

    The date is when the window of `form` closes, or when `phase` ends (`edge: starts`: begins). `days_before`
    counts calendar days in Asia/Shanghai: 7 a week before, 0 the day itself, -1 the day after. `template`
    is a macro of `templates/reminders.html`.
    """

    name: str
    form: str = ""
    phase: str = ""
    edge: Literal["starts", "ends"] = "ends"
    audience: Audience
    days_before: tuple[int, ...]
    at: Clock
    template: str

    @model_validator(mode="after")
    def _hangs_on_one_date(self) -> "Reminder":
        if bool(self.form) == bool(self.phase):
            raise ValueError("it hangs either on a form or on a phase")
        if not self.days_before or len(set(self.days_before)) != len(self.days_before):
            raise ValueError("days_before names each day once, and at least one")
        return self


class Reminders(Frozen):
    """The file `reminders.yaml`."""

    quiet: Quiet = Quiet()
    ladder: tuple[Reminder, ...] = ()
