"""Nothing personal and no secret in the logs (fault 58)."""

import json
import logging

import pytest
import structlog

from bot.logs import mask

SECRETS = [
    "123456789:AAH-abcdefghijklmnopqrstuvwxyz",
    "13812345678",
    "+86 138 1234 5678",
    "025-83590501",
    "51320000509160XXXX".replace("X", "1"),
    "http://127.0.0.1:8765/?key=swG_GsAKnHsvxI6U5fJKgSq",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_secrets_are_masked_in_any_text(secret: str) -> None:
    masked = mask(f"before {secret} after")
    assert secret.rpartition("key=")[2] not in masked
    assert masked.startswith("before")
    assert masked.endswith("after")


def test_the_password_of_a_database_is_masked_and_the_rest_of_its_address_kept() -> None:
    assert mask("at postgresql://xingcun:s3@cret@db:5432/x") == "at postgresql://xingcun:‹password›@db:5432/x"


@pytest.mark.parametrize(
    "harmless", ["update 123456789", "2021-10-20 23:59:59", "30.5万元", "row 17 of 2,000"]
)
def test_other_numbers_stay(harmless: str) -> None:
    assert mask(harmless) == harmless


def test_events_exceptions_and_library_logs_are_masked(capfd: pytest.CaptureFixture[str]) -> None:
    from bot.logs import configure_logs

    configure_logs("INFO")
    log = structlog.get_logger("bot.test")
    try:
        phone = "13812345678"
        raise ValueError(f"cannot read {phone}")
    except ValueError:
        log.exception("failed", person={"phone": phone, "list": [phone]})
    logging.getLogger("aiogram").warning("POST %s", f"/bot{SECRETS[0]}/sendMessage")
    written = capfd.readouterr().err
    assert "13812345678" not in written
    assert SECRETS[0] not in written
    assert [json.loads(line)["level"] for line in written.splitlines()] == ["error", "warning"]
