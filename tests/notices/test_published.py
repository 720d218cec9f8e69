"""The published packs: complete, verbatim, without a fault."""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import notices
from notices.model import Notice

SHANGHAI = ZoneInfo("Asia/Shanghai")
THIRD = Path(__file__).parents[1] / "packs"


@pytest.fixture(scope="module")
def catalog() -> notices.Catalog:
    return notices.load()


@pytest.fixture(scope="module")
def jiangsu(catalog: notices.Catalog) -> Notice:
    return catalog.notice("jiangsu-2021")


def test_no_published_pack_has_a_problem() -> None:
    assert notices.check(notices.PUBLISHED) == []


def test_the_made_up_pack_has_no_problem() -> None:
    assert notices.check(THIRD) == []


@pytest.mark.parametrize(
    ("slug", "count", "digest"),
    [
        ("jiangsu-2021", 51, "2e1e35e84b374998684618de38edfa6fd35d1a628b7b6f69b90eebb5f67869f7"),
        ("shanxi-2023", 23, "55b46bd86ab97f7bd563d11bff5bc3a29b489e2685d21c5a4c2851d04f00a05f"),
    ],
)
def test_the_text_is_kept_to_the_letter(catalog: notices.Catalog, slug: str, count: int, digest: str) -> None:
    passages = catalog.notice(slug).passages
    whole = "\x1e".join("\x1f".join((p.id, *p.heading_path, p.text)) for p in passages)
    assert len(passages) == count
    assert hashlib.sha256(whole.encode()).hexdigest() == digest


def test_print_errors_of_the_notice_are_not_corrected(jiangsu: Notice) -> None:
    assert jiangsu.passage("js-0").text.endswith("现就有关事项通知如下下：")


def test_sentences_are_joined_over_page_breaks(jiangsu: Notice) -> None:
    assert "省委办公厅、省政府办公厅印发" in jiangsu.passage("js-2.3").text


def test_annex_2_is_asked_in_the_order_of_its_columns(jiangsu: Notice) -> None:
    fields = jiangsu.form("annex2").fields
    assert [field.label for field in fields] == [
        "帮扶地区(省/市/县)",
        "项目名称",
        "项目性质",
        "投入资金(万元)",
        "投入人员数",
        "受益人数",
    ]
    assert all(field.required and field.hint and field.example and field.guidance for field in fields)
    assert [choice.label for choice in fields[2].choices] == [
        "民生帮扶",
        "产业帮扶",
        "消费帮扶",
        "教育帮扶",
        "生态帮扶",
        "医疗卫生帮扶",
        "志愿服务",
        "其他",
    ]


def test_the_window_ends_with_the_20th_of_october(jiangsu: Notice) -> None:
    window = jiangsu.filing("annex2").window
    last = datetime(2021, 10, 20, 23, 59, 59, tzinfo=SHANGHAI)
    assert window.open_at(last)
    assert not window.open_at(last + timedelta(seconds=1))
    assert window.printed == "10月20日前"
    assert set(window.derived) == {"year", "hour", "opens"}


def test_a_notice_is_open_while_something_may_be_filed(catalog: notices.Catalog, jiangsu: Notice) -> None:
    assert jiangsu.demonstration_time
    assert catalog.open_notices(jiangsu.demonstration_time) == (jiangsu,)
    assert catalog.open_notices(datetime(2021, 10, 21, tzinfo=SHANGHAI)) == ()


def test_shanxi_s_phases_follow_each_other(catalog: notices.Catalog) -> None:
    phases = catalog.notice("shanxi-2023").phases
    assert [phase.title for phase in phases] == ["调研摸底", "搭建平台", "项目实施", "总结验收"]
    assert phases[2].ends == datetime(2024, 5, 31, 23, 59, 59, tzinfo=SHANGHAI)


def test_an_organization_may_be_a_community_one_without_a_code(jiangsu: Notice) -> None:
    form = jiangsu.filer("organization").form
    assert [choice.label for choice in form.field("type").choices][-1] == "备案的社区社会组织"
    assert not form.field("credit_code").required
