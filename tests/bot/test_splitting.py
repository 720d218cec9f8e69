"""Long texts in parts: nothing lost, no tag or letter torn, no part too long."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.splitting import find_cut, measure, measure_html, split_html

FAMILY = "👨‍👩‍👧‍👦"


def visible(text: str) -> str:
    return html.unescape(re.sub(r"</?[a-zA-Z][^<>]*>", "", text))


def test_a_text_that_fits_is_left_alone() -> None:
    assert split_html("<b>短</b>") == ["<b>短</b>"]


def test_lengths_are_counted_as_telegram_counts_them() -> None:
    assert measure("兴村") == 2
    assert measure("🌾") == 2
    assert measure_html("<b>a &amp; b</b>") == 5


def test_tags_are_closed_and_opened_again() -> None:
    parts = split_html("<b>" + "字" * 30 + '</b><a href="https://x">' + "链" * 30 + "</a>", 25)
    assert all(part.count("<b>") == part.count("</b>") for part in parts)
    assert all(part.count("<a ") == part.count("</a>") for part in parts)
    assert "".join(visible(part) for part in parts) == "字" * 30 + "链" * 30


@pytest.mark.parametrize("cluster", [FAMILY, "🇨🇳", "👍🏽", "é", "❤️"])
def test_an_emoji_is_never_torn(cluster: str) -> None:
    for lead in range(6):
        parts = split_html("x" * lead + cluster * 8, 24)
        assert "".join(parts) == "x" * lead + cluster * 8
        assert all(re.fullmatch(f"x*(?:{cluster})*", part) for part in parts)


def test_a_line_end_is_preferred_to_a_sentence_end() -> None:
    assert find_cut("一行\n二句。三", 5) == 3
    assert find_cut("一二三。四五", 5) == 4


def test_an_entity_is_not_cut() -> None:
    parts = split_html("&lt;" * 50, 7)
    assert all(re.fullmatch("(&lt;)+", part) for part in parts)
    assert "".join(parts) == "&lt;" * 50


@given(st.text(st.sampled_from("ab 。\n<>&🌾字"), max_size=200), st.integers(2, 40))
def test_any_text_stays_whole_but_for_line_ends_at_the_cuts(text: str, limit: int) -> None:
    parts = split_html(f"<i>{html.escape(text)}</i>", limit)
    assert all(measure_html(part) <= limit for part in parts)
    assert "".join(visible(part) for part in parts).replace("\n", "") == text.replace("\n", "")
