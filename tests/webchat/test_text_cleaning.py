import pytest

from webchat.files import clean_name, measure_picture
from webchat.text_cleaning import clean_text, split_text


def test_controls_and_lone_surrogates_never_reach_the_store():
    assert clean_text("a\x00b\x07c\r\nd\ud800e\tf") == "a b c\nd\ufffde\tf"


def test_a_long_text_is_cut_at_line_ends_and_nothing_is_lost():
    text = "\n".join(f"第{number}行" + "字" * 90 for number in range(100))
    parts = split_text(text)
    assert all(len(part) <= 4096 for part in parts)
    assert "\n".join(parts) == text


def test_a_text_without_breaks_is_cut_at_the_limit():
    assert [len(part) for part in split_text("字" * 9000)] == [4096, 4096, 808]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("附件 1（徐州）.xlsx", "附件 1（徐州）.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\x.doc", "x.doc"),
        ("．．／x.xlsx", "x.xlsx"),
        ("CON.xlsx", "_CON.xlsx"),
        ("nul", "_nul"),
        ("a\u202excod.exe", "axcod.exe"),
        ("a\x00\nb.txt", "ab.txt"),
        ('<img src=x onerror="x">.png', "_img src=x onerror=_x__.png"),
        ("...", "file"),
        ("", "file"),
    ],
)
def test_file_names_lose_what_could_harm(name, kept):
    assert clean_name(name) == kept


def test_a_long_file_name_keeps_its_ending():
    kept = clean_name("长" * 300 + ".xlsx")
    assert len(kept.encode()) <= 200
    assert kept.endswith("长.xlsx")


@pytest.mark.parametrize(
    ("content", "sides"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x05\x00\x00\x00\x07", (5, 7)),
        (b"GIF89a\x03\x00\x04\x00", (3, 4)),
        (b"\xff\xd8\xff\xe0\x00\x04\x00\x00\xff\xc0\x00\x11\x08\x00\x09\x00\x0b", (11, 9)),
        (b"RIFF\x00\x00\x00\x00WEBPVP8X\x00\x00\x00\x00\x00\x00\x00\x00\x09\x00\x00\x04\x00\x00", (10, 5)),
        (b"RIFF\x00\x00\x00\x00WEBPVP8L\x00\x00\x00\x00/\x07\xc0\x02\x00", (8, 12)),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 \x00\x00\x00\x00\x00\x00\x00\x9d\x01\x2a\x06\x00\x02\x00", (6, 2)),
        (b"\x89PNG\r\n\x1a\n", None),
        (b"\xff\xd8\xff", None),
        (b"PK\x03\x04", None),
        (b"", None),
    ],
)
def test_pictures_are_known_by_their_bytes(content, sides):
    assert measure_picture(content) == sides
