import pytest

from webchat.html_parsing import BadEntities, parse_html
from webchat.html_showing import detect_entities, show_html


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("<b>徐州</b>市", "徐州市", [("bold", 0, 2)]),
        ("<strong>a</strong><em>b</em>", "ab", [("bold", 0, 1), ("italic", 1, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("1 &lt; 2 &amp;&#38; &quot;x&quot;", '1 < 2 && "x"', []),
        ("&nbsp;&lt;", "&nbsp;<", []),
        ("😀<u>x</u>", "😀x", [("underline", 2, 1)]),
        ("  <b> a </b> ", "a", [("bold", 0, 1)]),
        ("<b></b>空", "空", []),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
        ('<span class="tg-spoiler">s</span>', "s", [("spoiler", 0, 1)]),
        ("<del>d</del><ins>i</ins></>"[:-3], "di", [("strikethrough", 0, 1), ("underline", 1, 1)]),
    ],
)
def test_tags_become_entities_counted_in_utf16(source, text, entities):
    plain, found = parse_html(source)
    assert plain == text
    assert [(entity["type"], entity["offset"], entity["length"]) for entity in found] == entities


def test_links_and_code_keep_what_they_carry():
    plain, found = parse_html(
        '<a href="https://a.cn/?x=1&amp;y=2">看</a><pre><code class="language-py">p</code></pre>'
    )
    assert plain == "看p"
    assert found[0] == {"type": "text_link", "offset": 0, "length": 1, "url": "https://a.cn/?x=1&y=2"}
    assert found[1] == {"type": "pre", "offset": 1, "length": 1, "language": "py"}


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("徐<div>x</div>", 'Unsupported start tag "div" at byte offset 3'),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("1 < 2", "Unclosed start tag at byte offset 2"),
        ("a </b", "Unclosed end tag at byte offset 2"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("a<br>b", 'Unsupported start tag "br" at byte offset 1'),
        ('<a ="x">y</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<script>alert(1)</script>", 'Unsupported start tag "script" at byte offset 0'),
    ],
)
def test_bad_tags_are_refused_in_telegrams_words(source, reason):
    with pytest.raises(BadEntities) as refused:
        parse_html(source)
    assert str(refused.value) == reason


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("<b>a<i>b</i></b>c", "<b>a<i>b</i></b>c"),
        ("&lt;img src=x onerror=alert(1)&gt;", "&lt;img src=x onerror=alert(1)&gt;"),
        ('<a href="javascript:alert(1)">x</a>', "x"),
        (
            '<a href="https://a.cn/\'&quot;><script>">x</a>',
            '<a href="https://a.cn/&#x27;&quot;&gt;&lt;script&gt;">x</a>',
        ),
        (
            '<a href="https://a.cn/&quot;onmouseover=1">x</a>',
            '<a href="https://a.cn/&quot;onmouseover=1">x</a>',
        ),
        ("a\n<code>😀&lt;</code>", "a\n<code>😀&lt;</code>"),
        (
            "看 https://mzt.jiangsu.gov.cn/a。",
            '看 <a href="https://mzt.jiangsu.gov.cn/a">https://mzt.jiangsu.gov.cn/a</a>。',
        ),
        ("写信到 a@b.cn", '写信到 <a href="mailto:a@b.cn">a@b.cn</a>'),
    ],
)
def test_shown_html_holds_only_telegrams_tags(source, shown):
    text, entities = parse_html(source)
    assert show_html(text, detect_entities(text, entities)) == shown


def test_entities_that_cross_are_shown_without_breaking_tags():
    crossing = [{"type": "bold", "offset": 0, "length": 3}, {"type": "italic", "offset": 2, "length": 3}]
    assert show_html("abcde", crossing) == "<b>abc</b>de"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start", [("bot_command", 0, 6)]),
        ("/start abc", [("bot_command", 0, 6)]),
        ("请发 /help@xingcun_bot 试试", [("bot_command", 3, 17)]),
        ("2021/10/20", []),
        ("a/b", []),
    ],
)
def test_commands_in_typed_text_are_found(text, found):
    entities = detect_entities(text)
    assert [(entity["type"], entity["offset"], entity["length"]) for entity in entities] == found
