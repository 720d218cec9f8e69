from datetime import UTC, datetime

import pytest
from jinja2 import UndefinedError

import templates


def test_a_message_is_rendered_with_what_people_typed_escaped() -> None:
    assert templates.render("buttons.change", label="<b>名称</b>") == "改：&lt;b&gt;名称&lt;/b&gt;"


def test_a_label_is_plain_text() -> None:
    assert templates.plain("buttons.change", label="A&B") == "改：A&B"


@pytest.mark.parametrize("typed", ["{{7*7}}", "{% include 'buttons.html' %}", "{{'a'*100000000}}"])
def test_what_people_typed_is_never_compiled(typed: str) -> None:
    assert typed[:10] in templates.plain("buttons.change", label=typed)


def test_a_missing_parameter_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        templates.render("buttons.change")


def test_an_unknown_macro_is_an_error() -> None:
    with pytest.raises(KeyError, match="nowhere"):
        templates.render("buttons.nowhere")


@pytest.mark.parametrize(
    ("fen", "shown"),
    [(0, "0"), (50_000_000, "50"), (305_000_000, "305"), (180_933, "0.180933"), (1, "0.000001")],
)
def test_money_is_shown_in_wan_without_noise(fen: int, shown: str) -> None:
    assert templates._HTML.filters["wan"](fen) == shown


def test_moments_are_shown_in_shanghai_time() -> None:
    closes = datetime(2021, 10, 20, 15, 59, 59, tzinfo=UTC)
    assert templates._HTML.filters["second"](closes) == "2021年10月20日 23:59:59"
    assert templates._HTML.filters["minute"](closes) == "2021年10月20日 23:59"
    assert templates._HTML.filters["day"](closes) == "2021年10月20日"


def test_words_filled_in_are_only_shown_and_leave_the_slots_of_others_alone() -> None:
    text = f"<b>{templates.SLOT}</b>：1\n<b>{templates.SLOT}</b>：2"
    names = [f"<i>{templates.SLOT}&", "{{7*7}}", "没有地方"]
    assert templates.fill(text, names) == f"<b>&lt;i&gt;{templates.SLOT}&amp;</b>：1\n<b>{{{{7*7}}}}</b>：2"
