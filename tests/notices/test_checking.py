"""`notices.check` names file, key and reason of each fault a pack's author may make."""

import shutil
from pathlib import Path

import pytest

import notices

PACKS = Path(__file__).parents[1] / "packs"
SLUG = "lingxi-2024"

FAULTS = [
    # file, text there, what it becomes, the key named, part of the reason
    ("notice.yaml", "issuer:", "isuer:", "isuer", "unknown key"),
    ("notice.yaml", "year: 2024", "year: zwanzig", "year", "integer"),
    ("notice.yaml", "slug: lingxi-2024", "slug: lingxi", "slug", "the folder is 'lingxi-2024'"),
    ("notice.yaml", "key: lx", "key: lx\nkey: ly", "line 4", "'key' is given twice"),
    ("notice.yaml", 'province: "510000"', 'province: "510100"', "province", "no province's code"),
    ("notice.yaml", 'province: "510000"', "province: 510000", "province", "string"),
    ("notice.yaml", '"510700"]', '"519900"]', "places.1", "no division's code"),
    ("notice.yaml", "source: lx-4", "source: lx-9", "contact.source", "no passage 'lx-9'"),
    ("notice.yaml", "028-80000000", "028-80000001", "contact", "does not stand in lx-4"),
    (
        "notice.yaml",
        "filers: [village]\nfilings",
        "filers: [town]\nfilings",
        "filers.0",
        "no filers/town.yaml",
    ),
    ("notice.yaml", "    filers: [village]", "    filers: [town]", "filings.0.filers", "not among"),
    ("notice.yaml", "form: machines", "form: tractors", "filings.0.form", "no form 'tractors'"),
    (
        "notice.yaml",
        "2024-03-15T18:00:00+08:00",
        "2024-02-15T18:00:00+08:00",
        "filings.0.window",
        "closes before",
    ),
    (
        "notice.yaml",
        "closes: 2024-03-15T18:00:00+08:00",
        "closes: 2024-03-15T18:00:00",
        "filings.0.window.closes",
        "timezone",
    ),
    ("notice.yaml", "3月15日18时", "3月16日18时", "filings.0.window", "does not stand in lx-2"),
    (
        "notice.yaml",
        "demonstration_time: 2024-03-01",
        "demonstration_time: 2024-04-01",
        "demonstration_time",
        "no window",
    ),
    ("notice.yaml", "{place}农机站", "农机站", "units.city", "{place}"),
    ("text.yaml", "id: lx-2", "id: lx-1", "passages.lx-1", "appears twice"),
    ("text.yaml", "heading_path: [一、填报范围], ", "", "passages.0.heading_path", "missing"),
    ("forms/machines.yaml", "type: date", "type: day", "fields.2.type", "Input should be"),
    ("forms/machines.yaml", "label: 台数", "label: 数量", "fields.3", "'数量' does not stand in lx-t1"),
    ("forms/machines.yaml", "label: 收割机", "label: 收获机", "fields.0", "'收获机' does not stand in lx-3"),
    (
        "forms/machines.yaml",
        "name: harvester",
        "name: tractor",
        "fields.0.choices",
        "'tractor' appears twice",
    ),
    (
        "forms/machines.yaml",
        "words: [割谷机]",
        "words: [打药机]",
        "fields.0.choices",
        "'打药机' appears twice",
    ),
    ("forms/machines.yaml", "field: machine, values", "field: funding, values", "", "not before it"),
    (
        "forms/machines.yaml",
        "values: [other]",
        "values: [others]",
        "fields.1.relevant.values",
        "no choice of 'machine'",
    ),
    ("forms/machines.yaml", "name: needed_on", "name: quantity", "", "appears twice"),
    ("forms/machines.yaml", "{min: 1}", "{min: 9, max: 1}", "fields.3.constraint.min", "above max"),
    (
        "forms/machines.yaml",
        "{min: 1}",
        "{pattern: '('}",
        "fields.3.constraint.pattern",
        "regular expression",
    ),
    (
        "forms/machines.yaml",
        "projection: money",
        "projection: people",
        "fields.4.projection",
        "cannot be projected",
    ),
    (
        "forms/machines.yaml",
        "source: lx-t1}\n  - name: funding",
        "source: lx-t8}\n  - name: funding",
        "fields.4.source",
        "no passage",
    ),
    ("filers/village.yaml", "name: home", "name: house", "form.fields", "'home' is missing"),
    ("filers/village.yaml", "kind: village", "kind: hamlet", "kind", "the file is named 'village'"),
    ("tables/list.yaml", "field: machine_name", "field: engine", "columns.3.field", "no field of the form"),
    (
        "tables/list.yaml",
        "organization: name",
        "organization: mayor",
        "columns.1.organization",
        "no registration form",
    ),
    (
        "tables/list.yaml",
        "field: machine, width: 14",
        "field: machine, width: 14, total: true",
        "columns.2.total",
        "no number field",
    ),
    ("tables/list.yaml", "field: quantity", "field: quantity, filing: number", "columns.5", "exactly one of"),
    (
        "tables/list.yaml",
        "values: [hill]",
        "values: [mountain]",
        "editions.1.sheets.1.among.0.values",
        "no choice of 'hills'",
    ),
    ("tables/list.yaml", "title: 丘陵", "title: 平坝", "editions.1.sheets", "'平坝' appears twice"),
    ("tables/list.yaml", "title: 丘陵", "title: 丘/陵", "editions.1.sheets.1.title", "one of"),
    ("tables/list.yaml", "{group}小计", "{gruop}小计", "grouping.subtotal", "{gruop} means nothing"),
    ("tables/list.yaml", "{page} /", "{seite} /", "page.footer", "{seite} means nothing"),
    ("tables/list.yaml", "注：台数", "注：数量", "notes.0", "does not stand in lx-t1"),
    ("tables/list.yaml", "form: machines", "form: tractors", "form", "nobody files"),
    ("tables/list.yaml", "kind: detail", "kind: details", "", "does not match"),
    (
        "tables/summary.yaml",
        "values: [harvester]",
        "values: [harvester, tractor]",
        "groups.0.rows.1.among",
        "overlaps the row '拖拉机'",
    ),
    ("tables/summary.yaml", "{rest: true}", "{}", "groups.1.rows.0", "either among or rest"),
    ("tables/summary.yaml", "sum: quantity", "sum: machine", "measures.1.sum", "no number field"),
    ("tables/summary.yaml", "sum: quantity", "sum: quantity, count: filings", "measures.1", "exactly one of"),
    (
        "tables/summary.yaml",
        "label: 台数, sum",
        "label: 机具数, sum",
        "header_source",
        "'机具数' does not stand",
    ),
]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PACKS / SLUG, tmp_path / SLUG))


@pytest.mark.parametrize(
    ("file", "before", "after", "key", "reason"), FAULTS, ids=lambda value: str(value)[:40]
)
def test_a_fault_is_named(pack: Path, file: str, before: str, after: str, key: str, reason: str) -> None:
    path = pack / file
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")
    problems = notices.check(pack)
    assert any(p.file == f"{SLUG}/{file}" and p.key == key and reason in p.reason for p in problems), problems


def test_rows_that_lie_in_each_other_overlap(tmp_path: Path) -> None:
    pack = shutil.copytree(notices.PUBLISHED / "jiangsu-2021", tmp_path / "jiangsu-2021")
    table = pack / "tables/annex1.yaml"
    table.write_text(table.read_text("utf-8").replace('"610000"', '"650000"'), "utf-8")
    reasons = [problem.reason for problem in notices.check(pack)]
    assert reasons == [
        f"overlaps the row {row!r}: a filing may fit both" for row in ("新疆克州", "新疆伊犁州")
    ]


def test_a_missing_file_is_named(pack: Path) -> None:
    (pack / "text.yaml").unlink()
    assert notices.Problem(f"{SLUG}/text.yaml", "", "the file is missing") in notices.check(pack)


def test_a_file_that_is_no_part_of_a_pack_is_named(pack: Path) -> None:
    (pack / "form").mkdir()
    (pack / "Text.yml").write_text("passages: []", "utf-8")
    assert {problem.file for problem in notices.check(pack)} == {f"{SLUG}/form", f"{SLUG}/Text.yml"}


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("{id: a, anchors: [lx-9], topic: t, attribute: date, spans: [x], wordings: [w]}", "no passage lx-9"),
        (
            "{id: a, anchors: [lx-2], topic: t, attribute: date, spans: [4月], wordings: [w]}",
            "does not stand",
        ),
        (
            "{id: a, anchors: [lx-2], topic: t, attribute: when, spans: [3月15日], wordings: [w]}",
            "Input should be",
        ),
    ],
)
def test_a_fault_of_the_question_bank_is_named(pack: Path, entry: str, reason: str) -> None:
    (pack / "questions").mkdir()
    (pack / "questions/all.yaml").write_text(f"answers:\n- {entry}\n", "utf-8")
    problem = notices.check(pack)[0]
    assert problem.file == f"{SLUG}/questions/all.yaml"
    assert reason in problem.reason


def test_two_packs_with_one_key_are_told_apart(tmp_path: Path) -> None:
    for name in (SLUG, "copy"):
        shutil.copytree(PACKS / SLUG, tmp_path / name)
    problems = notices.check(tmp_path)
    assert {(p.file, p.key) for p in problems if "another pack" in p.reason} == {
        (f"{name}/notice.yaml", key) for name in (SLUG, "copy") for key in ("slug", "key")
    }


def test_a_broken_pack_is_not_loaded(pack: Path) -> None:
    (pack / "forms/machines.yaml").write_text("name: [", "utf-8")
    with pytest.raises(notices.BrokenPack, match=r"lingxi-2024/forms/machines\.yaml: line"):
        notices.load(pack)
