"""Every sentence people read: one file of macros a topic, and the one Jinja environment that renders them.

What a person typed is always a parameter, never a template: it cannot be compiled, only shown.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

_HERE = Path(__file__).parent
_ZONE = ZoneInfo("Asia/Shanghai")


def _wan(fen: int) -> str:
    """Money in 万元 from fen, exactly and without trailing zeros."""
    whole, rest = divmod(abs(fen), 1_000_000)
    digits = f"{whole}.{rest:06d}".rstrip("0").rstrip(".")
    return f"-{digits}" if fen < 0 else digits


def _day(moment: datetime) -> str:
    local = moment.astimezone(_ZONE)
    return f"{local.year}年{local.month}月{local.day}日"


def _minute(moment: datetime) -> str:
    return f"{_day(moment)} {moment.astimezone(_ZONE):%H:%M}"


def _short(moment: datetime) -> str:
    """Without the year, where there is little room."""
    local = moment.astimezone(_ZONE)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def _second(moment: datetime) -> str:
    return f"{_day(moment)} {moment.astimezone(_ZONE):%H:%M:%S}"


def _clip(text: str, length: int) -> str:
    """The text cut to `length` characters, the last of them an ellipsis where something is missing."""
    return text if len(text) <= length else text[: length - 1] + "…"


def _environment(*, escape: bool) -> Environment:
    environment = Environment(
        autoescape=escape,
        undefined=StrictUndefined,
        loader=FileSystemLoader(_HERE),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        auto_reload=False,
    )
    environment.filters.update(wan=_wan, day=_day, minute=_minute, short=_short, second=_second, clip=_clip)
    return environment


_HTML = _environment(escape=True)
_PLAIN = _environment(escape=False)


@cache
def _macro(environment: Environment, path: str) -> Callable[..., str]:
    topic, name = path.split(".")
    macro = getattr(environment.get_template(f"{topic}.html").module, name, None)
    if macro is None:
        raise KeyError(f"templates/{topic}.html has no macro {name!r}")
    found: Callable[..., str] = macro
    return found


def has(path: str) -> bool:
    """Whether `topic.macro` exists."""
    topic, name = path.split(".")
    return (_HERE / f"{topic}.html").exists() and hasattr(_HTML.get_template(f"{topic}.html").module, name)


def render(path: str, /, **params: Any) -> str:
    """The message of macro `topic.macro` as Telegram HTML; every parameter is escaped.

    Raises KeyError when there is no such macro, jinja2.UndefinedError when a parameter is missing.
    """
    return str(_macro(_HTML, path)(**params)).strip()


SLOT = "\ue000"
"""Given to `render` in place of a word, so that `fill` may put many words where it stands."""


def fill(text: str, words: Iterable[str]) -> str:
    """A rendered text with `words`, escaped, in its slots in turn; words left over are dropped."""
    first, *others = text.split(SLOT)
    return first + "".join(f"{escape(word)}{other}" for word, other in zip(words, others, strict=False))


def as_html(text: str) -> Markup:
    """A text that `render` made, to stand inside another."""
    return Markup(text)


def plain(path: str, /, **params: Any) -> str:
    """The same as plain text, for button labels, toasts and file names, where HTML is not read."""
    return str(_macro(_PLAIN, path)(**params)).strip()
