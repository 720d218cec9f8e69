"""What the program imports when it runs, imported once for all the processes forked from here."""

import bot.cli
import bot.commands.run
import bot.wiring  # noqa: F401
