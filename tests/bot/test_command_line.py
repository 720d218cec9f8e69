"""The command line: bad settings are named in one sentence, and help needs no heavy import."""

import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.commands.invite import InviteRefused, make_invite
from bot.commands.run import run
from tests.bot.driving import trial_settings
from tests.bot.process import start_process


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("BOT_TOKEN", "nonsense"),
        ("XINGCUN_BOT_API_URL", "ftp://x"),
        ("XINGCUN_WEBCHAT_PORT", "eighty"),
        ("XINGCUN_WEBCHAT_PORT", "70000"),
        ("XINGCUN_NOW", "yesterday"),
        ("XINGCUN_SYNCHRONOUS", "MAYBE"),
        ("XINGCUN_DATABASE_URL", "mysql://localhost/x"),
    ],
)
async def test_a_bad_setting_is_named_in_one_sentence(variable: str, value: str, data_folder: Path) -> None:
    process = await start_process(
        "run", data_dir=data_folder, errors=True, **{"XINGCUN_LOG_LEVEL": "ERROR", variable: value}
    )
    _, errors = await process.communicate()
    assert process.returncode == 2
    assert variable in errors.decode()
    assert len(errors.decode().strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("variable", "changes"),
    [
        ("XINGCUN_DATABASE_URL", {"database_url": "postgresql://nobody@127.0.0.1:1/none"}),
        ("XINGCUN_DATA_DIR", {"data_dir": Path("/proc/none")}),
    ],
)
def test_a_start_that_fails_is_explained_in_one_sentence(
    variable: str, changes: dict[str, Any], data_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(trial_settings(data_folder, log_level="ERROR", **changes)) == 2
    printed = capsys.readouterr().err
    assert variable in printed
    assert len(printed.strip().splitlines()) == 1


def test_a_port_in_use_is_named_with_the_way_out(
    data_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert run(trial_settings(data_folder, log_level="ERROR", webchat_port=port)) == 2
    assert f"端口 {port} 已被别的程序占用；请用 XINGCUN_WEBCHAT_PORT 换一个" in capsys.readouterr().err


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, bot.cli\n"
        "heavy = {'aiogram', 'sqlalchemy', 'openpyxl', 'sklearn', 'aiohttp', 'yaml'} & set(sys.modules)\n"
        "sys.exit(len(heavy))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("options", "place"),
    [
        ({"role": "province", "city": None}, "江苏省"),
        ({"role": "province", "city": None, "province": "山西"}, "山西省"),
        ({"role": "city", "city": "徐州市"}, "徐州市"),
        ({"role": "city", "city": "太原"}, "太原市"),
    ],
)
async def test_staff_of_every_province_with_a_notice_can_be_invited(
    options: dict[str, Any], place: str, data_folder: Path
) -> None:
    printed = await make_invite(trial_settings(data_folder), **options, hours=72)
    assert printed.splitlines()[0].startswith(f"工作人员邀请：{place}")


@pytest.mark.parametrize(
    ("options", "known"),
    [
        ({"role": "province", "city": None, "province": "浙江省"}, "江苏省, 山西省"),
        ({"role": "city", "city": "杭州市"}, "太原市"),
        ({"role": "city", "city": "太原市", "province": "江苏省"}, "徐州市"),
    ],
)
async def test_an_invite_for_another_place_names_those_that_there_are(
    options: dict[str, Any], known: str, data_folder: Path
) -> None:
    with pytest.raises(InviteRefused, match=known):
        await make_invite(trial_settings(data_folder), **options, hours=72)
