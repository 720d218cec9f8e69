"""Whatever people read can be shown with a Chinese font alone: no emoji, which many office machines lack."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READ = [
    *ROOT.glob("templates/*.html"),
    *ROOT.glob("notices/published/**/*.yaml"),
    *ROOT.glob("notices/filers/*.yaml"),
    *ROOT.glob("webchat/page/*.*"),
]
ALSO_DRAWN = "✓›\u2002"


def in_chinese_fonts(sign: str) -> bool:
    """What GBK can write, every Chinese font can draw."""
    try:
        sign.encode("gbk")
    except UnicodeEncodeError:
        return sign in ALSO_DRAWN
    return True


@pytest.mark.parametrize("file", READ, ids=lambda file: file.name)
def test_every_sign_stands_in_a_chinese_font(file: Path) -> None:
    strange = {sign for sign in file.read_text(encoding="utf-8") if not in_chinese_fonts(sign)}
    assert not strange
