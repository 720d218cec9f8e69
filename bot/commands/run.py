"""`xingcun run`: the program until it is told to stop."""

import asyncio
import errno
import gc
import signal
import sys
from collections.abc import Callable
from contextlib import suppress

from aiogram.exceptions import TelegramAPIError, TelegramUnauthorizedError

import templates
from bot.app import App
from bot.database_lock import DatabaseTaken
from bot.intake import AnotherPoller, TokenRefused
from bot.logs import configure_logs
from bot.settings import Settings
from bot.wiring import make_app
from handlers.command_menu import command_menu
from storage.database import DatabaseError

CANNOT_START, ENDED = 2, 1


def run(settings: Settings) -> int:
    """Runs until SIGTERM or Ctrl-C; the exit code. What went wrong is printed as one sentence."""
    configure_logs(settings.log_level)
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(serve(settings))
    except AnotherPoller:
        return _end(ENDED, "another_poller")
    except TokenRefused:
        return _end(CANNOT_START, "bad_token")
    except DatabaseTaken:
        return _end(CANNOT_START, "database_taken", file=settings.database_file)
    except DatabaseError as error:
        return _end(CANNOT_START, "no_database", reason=type(error.orig).__name__)
    except ConnectionError as error:
        return _end(CANNOT_START, "no_database", reason=type(error).__name__)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return _end(CANNOT_START, "port_taken", port=settings.webchat_port)
        return _end(
            CANNOT_START, "port_or_folder", reason=error.strerror or str(error), port=settings.webchat_port
        )
    return 0


async def serve(settings: Settings) -> None:
    """Starts the program, says where it is to be found, and waits until it ends."""
    async with make_app(settings) as app:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            if sys.platform != "win32":
                loop.add_signal_handler(number, app.stop)
        # What start has built stays: each full collection would walk through it, for tenths of a second.
        gc.freeze()
        print(await _greet(app), flush=True)
        with suppress(TelegramAPIError):
            await app.bot(command_menu())
        await app.wait()


async def _greet(app: App) -> str:
    if app.webchat is not None:
        return templates.plain("program.started", address=app.webchat.address)
    try:
        name = (await app.bot.me()).username
    except TelegramUnauthorizedError as error:
        raise TokenRefused from error
    except TelegramAPIError:
        name = None
    return templates.plain("program.polling", name=name)


def _end(code: int, text: str, **params: object) -> int:
    print(templates.plain(f"program.{text}", **params), file=sys.stderr)
    return code


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if sys.platform == "win32":
        return None
    import uvloop

    return uvloop.new_event_loop
