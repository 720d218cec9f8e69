"""Writes revisions from the tables: `python -m storage.migrations baseline | new "what changed"`."""

import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine

from storage.migrations import FOLDER, configure, upgrade

BASELINE = "0001_baseline"


def main(arguments: list[str]) -> None:
    """`baseline` writes the first revision anew (only while nothing is released); `new` adds one."""
    versions = FOLDER / "versions"
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{Path(folder) / 'empty.sqlite3'}")
        with engine.begin() as connection:
            if arguments == ["baseline"]:
                for old in versions.glob("*.py"):
                    old.unlink()
                revision, message = BASELINE, "The tables of the first release."
            elif len(arguments) == 2 and arguments[0] == "new":
                upgrade(connection)
                revision = (
                    f"{len(list(versions.glob('*.py'))) + 1:04d}_{'_'.join(arguments[1].lower().split())}"
                )
                message = arguments[1]
            else:
                sys.exit(__doc__)
            command.revision(configure(connection), message, autogenerate=True, rev_id=revision)
        engine.dispose()
    for written in versions.glob(f"{revision}_*.py"):
        written.rename(versions / f"{revision}.py")
    subprocess.run(["ruff", "format", "-q", versions], check=True)
    subprocess.run(["ruff", "check", "--fix", "-q", versions], check=True)


main(sys.argv[1:])
