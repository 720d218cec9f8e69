"""Letters to many as the outbox keeps them."""

import pytest

from bot.calls import to_calls
from bot.deliveries import arguments_to_send
from handlers.outgoing import Outgoing
from handlers.screens import Button, Screen, send

ROWS = [
    [Button("徐州 <青禾>", "b:j:0:5")],
    [],
    [Button("徐州 <青禾>", "b:j:0:6"), Button("不再提醒", "t:mute:j")],
]


@pytest.mark.parametrize("rows", [ROWS, []], ids=["buttons", "no buttons"])
def test_a_letter_is_kept_as_its_method_would_be(rows: list[list[Button]]) -> None:
    screen = Screen("<b>徐州 &lt;青禾&gt;</b>：还没有填报 😀", rows)
    (call,) = to_calls(Outgoing(send(5, screen), kind="broadcast"), 42, 5)
    assert arguments_to_send(5, screen) == call.arguments


def test_a_letter_too_long_is_one_message_with_its_buttons() -> None:
    arguments = arguments_to_send(5, Screen("长" * 5000, ROWS))
    assert len(arguments["text"]) == 4096
    assert arguments["reply_markup"] == arguments_to_send(5, Screen("短", ROWS))["reply_markup"]
