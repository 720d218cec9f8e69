"""Structured logs without secrets: tokens, phone numbers and credit codes never leave the process."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

TOKEN = re.compile(r"(?<!\d)\d{3,12}:[A-Za-z0-9_-]{16,}")
CREDIT_CODE = re.compile(r"\b[0-9A-HJ-NP-RT-UW-Y]{18}\b", re.IGNORECASE)
PHONE = re.compile(r"(?<![\d.])(?:\+?86[- ]?)?(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- ]?\d{7,8})(?!\d)")
PASSWORD = re.compile(r"(?<=://)([^\s:/@]*):[^\s/]+@")
KEY = re.compile(r"(?<=[?#&]key=)[^\s&\"']+")


def mask(text: str) -> str:
    """The text with tokens, keys, passwords in addresses, phone numbers and credit codes blotted out."""
    text = TOKEN.sub("‹token›", text)
    text = PASSWORD.sub(r"\1:‹password›@", text)
    text = KEY.sub("‹key›", text)
    text = CREDIT_CODE.sub("‹code›", text)
    return PHONE.sub("‹phone›", text)


def _mask_value(value: Any) -> Any:
    match value:
        case str():
            return mask(value)
        case dict():
            return {key: _mask_value(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_mask_value(inner) for inner in value]
        case BaseException():
            return mask(repr(value))
    return value


def mask_event(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: every value masked, however deep."""
    return {key: _mask_value(value) for key, value in event.items()}


def configure_logs(level: str) -> None:
    """One line of JSON an event, on standard error; the libraries' own logs go the same way.

    Tracebacks carry no local variables: those hold what people wrote.
    """
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.format_exc_info,
        mask_event,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("bot").setLevel(level)
