"""`xingcun notices check` prints file, key and reason, and ends with 0 or 1."""

import shutil
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from bot.cli import app

PACKS = Path(__file__).parents[1] / "packs"


def check(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["notices", "check", *arguments])


def test_the_published_packs_pass_in_silence() -> None:
    done = check()
    assert (done.exit_code, done.output) == (0, "")


def test_each_problem_is_a_line(tmp_path: Path) -> None:
    pack = Path(shutil.copytree(PACKS / "lingxi-2024", tmp_path / "lingxi-2024"))
    manifest = pack / "notice.yaml"
    manifest.write_text(
        manifest.read_text("utf-8").replace("key: lx\n", "").replace("issuer:", "isuer:"), "utf-8"
    )
    done = check(str(pack))
    assert done.exit_code == 1
    assert set(done.output.splitlines()) == {
        "lingxi-2024/notice.yaml: key: the key is missing",
        "lingxi-2024/notice.yaml: issuer: the key is missing",
        "lingxi-2024/notice.yaml: isuer: unknown key",
    }


def test_a_folder_without_packs_is_told(tmp_path: Path) -> None:
    assert (check(str(tmp_path)).exit_code, check(str(tmp_path / "none")).exit_code) == (1, 2)
