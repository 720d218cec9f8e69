"""The command line. Bodies are imported when they run, so that `--help` answers at once."""

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from bot.settings import BadSettings, Settings, read_settings

app = typer.Typer(add_completion=False, no_args_is_help=False, pretty_exceptions_enable=False)
notices_app = typer.Typer(help="Notice packs.", no_args_is_help=True)
app.add_typer(notices_app, name="notices")

CANNOT = 2


def _fail(sentence: object) -> typer.Exit:
    print(sentence, file=sys.stderr)
    return typer.Exit(CANNOT)


def _settings() -> Settings:
    try:
        return read_settings()
    except BadSettings as error:
        raise _fail(error) from error


@app.callback(invoke_without_command=True)
def start(context: typer.Context) -> None:
    """兴村助手. Without a command it runs the bot."""
    if context.invoked_subcommand is None:
        run()


@app.command()
def run() -> None:
    """Run the bot: on Telegram with BOT_TOKEN, else in its own web chat on this machine."""
    settings = _settings()
    from bot.commands.run import run as run_bot

    raise typer.Exit(run_bot(settings))


@app.command()
def export(
    notice: Annotated[str, typer.Option(help="A notice's slug, such as jiangsu-2021.")],
    table: Annotated[str, typer.Option(help="A table of the notice, such as annex1.")],
    out: Annotated[Path, typer.Option(help="The .xlsx file to write.")],
    city: Annotated[str | None, typer.Option(help="A city; without it, the whole province.")] = None,
) -> None:
    """Write one of a notice's tables as a workbook."""
    settings = _settings()
    import asyncio

    from bot.clock import recall_clock
    from bot.commands.export import ExportRefused, export_table
    from storage.database import DatabaseError

    async def write() -> None:
        clock = await recall_clock(settings)
        await export_table(settings, notice, table, city, out, clock.now())

    try:
        asyncio.run(write())
    except (DatabaseError, OSError) as error:
        raise _fail(f"XINGCUN_DATABASE_URL: {type(error).__name__}") from error
    except ExportRefused as error:
        raise _fail(error) from error


@app.command()
def invite(
    role: Annotated[str, typer.Option(help="province or city.")],
    city: Annotated[str | None, typer.Option(help="The city, for the role city.")] = None,
    hours: Annotated[int, typer.Option(help="For how many hours the invite holds.")] = 72,
    province: Annotated[str | None, typer.Option(help="The province, where several have notices.")] = None,
) -> None:
    """Print a one-time invite to a staff role, as a code and as a link."""
    settings = _settings()
    import asyncio

    from bot.commands.invite import InviteRefused, make_invite

    try:
        print(asyncio.run(make_invite(settings, role, city, hours, province)))
    except InviteRefused as error:
        raise _fail(error) from error


@app.command()
def backup(
    out: Annotated[Path, typer.Option(help="The folder to make; later it can be used as XINGCUN_DATA_DIR.")],
) -> None:
    """Copy everything the program keeps, also while it runs."""
    settings = _settings()
    from bot.commands.backup import BackupRefused, make_backup
    from storage.backup import BrokenCopy

    try:
        make_backup(settings, out)
    except BrokenCopy as error:
        raise _fail(f"XINGCUN_DATA_DIR: {error} is damaged; the copy of it does not hold together") from error
    except (BackupRefused, OSError) as error:
        raise _fail(error) from error


@notices_app.command("check")
def check(
    path: Annotated[
        Path | None, typer.Argument(help="A pack or a folder of packs; all published without it.")
    ] = None,
) -> None:
    """Check notice packs: file, key and reason of each fault; exit 1 when there is one."""
    from bot.commands.notices_check import problem_lines

    try:
        problems = problem_lines(path)
    except NotADirectoryError as error:
        raise _fail(error) from error
    for problem in problems:
        print(problem)
    raise typer.Exit(1 if problems else 0)


Jsonl = Annotated[bool, typer.Option("--jsonl", help="One JSON object a line, in and out.")]


@app.command()
def ask(jsonl: Jsonl = True) -> None:
    """Answer questions about the notices from standard input."""
    from bot.commands.ask import answer_lines

    _copy_lines(answer_lines)


@app.command()
def parse(jsonl: Jsonl = True) -> None:
    """Show how words are read as values, from standard input."""
    from bot.commands.parse import parse_lines

    _copy_lines(parse_lines)


def _copy_lines(work: Callable[[Iterable[str]], Iterator[str]]) -> None:
    for line in work(sys.stdin):
        print(line, flush=True)


def main() -> None:
    """The `xingcun` command."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    app()
