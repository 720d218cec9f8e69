"""The commands a messenger offers when somebody types a slash."""

from aiogram.methods import SetMyCommands
from aiogram.types import BotCommand

import templates

COMMANDS = (
    "start",
    "file",
    "mine",
    "deadlines",
    "org",
    "notice",
    "help",
    "staff",
    "export",
    "broadcast",
    "questions",
)


def command_menu() -> SetMyCommands:
    """The call that sets the menu, to be made once at start."""
    return SetMyCommands(
        commands=[
            BotCommand(command=name, description=templates.plain(f"commands.{name}")) for name in COMMANDS
        ]
    )
