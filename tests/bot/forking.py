"""The real program in real processes, forked from one that has its modules loaded.

Loading them costs seconds of computing; a test that kills the program ten times would spend its time on
that. Everything else is as when it is started from the command line, and SIGKILL is SIGKILL.
"""

import importlib
import multiprocessing
import os
import sys
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path

SERVER = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload(["tests.bot.loaded"])


def fork_program(
    arguments: list[str],
    variables: dict[str, str],
    out: Path,
    errors: Path,
    prepare: Callable[[], None] | None = None,
) -> BaseProcess:
    """Runs `xingcun …` in a process with just these variables, its outputs going to two files.

    `prepare`, a module's function, is called in the process before the program begins.
    """
    process = SERVER.Process(target=_run, args=(arguments, variables, out, errors, prepare), daemon=False)
    process.start()
    return process


def _run(
    arguments: list[str],
    variables: dict[str, str],
    out: Path,
    errors: Path,
    prepare: Callable[[], None] | None,
) -> None:
    import bot.kill_points

    for number, path in ((1, out), (2, errors)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), number)
    os.environ.clear()
    os.environ.update(variables)
    importlib.reload(bot.kill_points)
    sys.argv = ["xingcun", *arguments]
    if prepare is not None:
        prepare()
    from bot.cli import main

    main()
