"""Fault 58: the logs of the whole suite, searched after it. This test is moved to the end of every run."""

import sys

import pytest
import structlog

from bot.logs import configure_logs
from tests.suite_logs import WRITTEN, secrets_in


def test_58_the_logs_of_the_suite_hold_no_secret() -> None:
    assert secrets_in(WRITTEN) == []


@pytest.mark.parametrize(
    "secret",
    ["13800138000", "123456789:AAH-abcdefghijklmnop", "51320000509160XX8K".replace("X", "1"), "A2" * 16],
)
def test_58_the_search_finds_what_it_looks_for(secret: str) -> None:
    assert secrets_in([f"something {secret} else"])


def test_58_what_the_program_logs_is_searched(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO")
    structlog.get_logger("bot.test").warning("a word to be found")
    sys.stderr.flush()
    assert "a word to be found" in capfd.readouterr().err
