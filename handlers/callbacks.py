"""What buttons carry: ids and steps, never words; always within Telegram's 64 bytes."""

from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

# Forged data may hold any number: none below zero, none a database cannot take.
Whole = Annotated[int, Field(ge=0, lt=2**53)]


class Go(CallbackData, prefix="go"):
    """Opens a page of `handlers.pages`, or `agree`s to contact data being kept."""

    to: str


class Begin(CallbackData, prefix="b"):
    """Starts a filing of a notice (its key), a form (its place), an organization (0 = to choose)."""

    notice: str
    form: Whole
    organization: Whole = 0


class Register(CallbackData, prefix="r"):
    """Starts a registration: `filer` is the kind's place among those wanted now."""

    filer: Whole


class Step(CallbackData, prefix="w"):
    """A tap on a wizard's card: what to do with which entry at which revision, for which field and option."""

    act: str
    kind: str
    id: Whole
    revision: Whole
    field: Whole = 0
    option: Whole = 0


class Place(CallbackData, prefix="p"):
    """Stepping through divisions: shows what lies under `code` ("" = provinces), or takes it when `take`."""

    kind: str
    id: Whole
    revision: Whole
    field: Whole
    code: str
    page: Whole = 0
    take: bool = False


class Own(CallbackData, prefix="m"):
    """One's own filings: `list`, `open`, `resume`, `correct`, `withdraw`, `withdraw!`, `copy`,
    `history`."""

    act: str
    id: Whole = 0
    page: Whole = 0


class Organizations(CallbackData, prefix="o"):
    """One's own organizations: `open`, `amend`."""

    act: str
    id: Whole


class Membership(CallbackData, prefix="j"):
    """A request to join: `approve` or `refuse`."""

    act: str
    id: Whole


class Desk(CallbackData, prefix="s"):
    """A staff page: `overview`, `filings`, `missing`, `filing`, `tables`, `places`,
    `build`.

    `notice` is the notice's key, `scope` a division code, `table` a table's place in the notice.
    """

    act: str
    notice: str = ""
    scope: str = ""
    page: Whole = 0
    id: Whole = 0
    table: Whole = 0


class Batch(CallbackData, prefix="x"):
    """Filing through a workbook: the `template` to fill in, or `read` what was sent; for whom and which form.

    `form` is the form's place in the notice with key `notice`.
    """

    act: str
    notice: str
    form: Whole
    organization: Whole


class OwnTable(CallbackData, prefix="e"):
    """What an organization filed, as a table: `table` is its place in the notice with key `notice`."""

    notice: str
    table: Whole
    organization: Whole


class Import(CallbackData, prefix="i"):
    """What becomes of an upload that job `job` read: `file` its rows, or `cancel`.

    `unit` is what amounts without one are taken in; `careful` leaves out rows like those filed before.
    """

    act: str
    job: Whole
    unit: str = "yuan"
    careful: bool = False


class Notices(CallbackData, prefix="n"):
    """A notice's page: `open`, `headings`, `passage`, `source`, `file`.

    `passage` is a place in the text. `headings` lists what lies under the first `depth` headings of that
    passage; `source` shows the passage in a message of its own, below an answer.
    """

    act: str
    notice: str = ""
    passage: Whole = 0
    depth: Whole = 0


class Opinion(CallbackData, prefix="q"):
    """What the asker does with the answer to a question: `useful`, `useless`, `pass_on`."""

    act: str
    id: Whole


class Queue(CallbackData, prefix="a"):
    """Staff at the questions passed on to them: `list`, `open`, `write`, `send`.

    With `send`, `page` says the how manieth answer written is meant, so that an old card sends no newer one.
    """

    act: str
    id: Whole = 0
    page: Whole = 0


class Remind(CallbackData, prefix="t"):
    """Reminders of the notice with that key: `mute`, `unmute`."""

    act: str
    notice: str


class Cast(CallbackData, prefix="k"):
    """Staff at 催报 and 群发: the steps of `handlers.broadcasts`, and with `id` those of a broadcast.

    `scope` and `county` are division codes, the latter also an audience's part; `who` is an audience's name;
    `id` may be an organization's too.
    """

    act: str
    notice: str = ""
    scope: str = ""
    county: str = ""
    who: str = ""
    id: Whole = 0
    page: Whole = 0
