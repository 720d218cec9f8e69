"""The laws of docs/architecture.md about imports, kept by walking every import statement."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

LAYERS: dict[str, int] = {
    "divisions": 0,
    "storage": 0,
    "templates": 0,
    "webchat": 0,
    "workbooks": 0,
    "forms": 1,
    "notices": 2,
    "exports": 3,
    "imports": 3,
    "policy": 3,
    "registration": 3,
    "reminders": 3,
    "handlers": 4,
    "bot": 5,
}

# The rooms within handlers/: a module may import from the rooms before its own, and from its own.
INNER = ("", "filling", "asking", "reminding", "staff", "doors")
# Modules of handlers/ itself that lead into all rooms.
INNER_DOORS = {"leftovers", "pages", "routers", "start"}

DOORS: dict[str, set[str]] = {
    "aiogram": {"handlers", "bot"},
    "sqlalchemy": {"storage"},
    "sqlmodel": {"storage"},
    "alembic": {"storage"},
    "jinja2": {"templates"},
    "openpyxl": {"workbooks"},
    "python_calamine": {"workbooks"},
    "xlsxwriter": {"workbooks"},
}

DUMP_ROOMS = {"util", "utils", "helper", "helpers", "common", "misc", "base", "manager", "managers"}


def modules() -> list[Path]:
    return sorted(path for room in LAYERS for path in (ROOT / room).rglob("*.py"))


def imported(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative imports hide the layer"
            yield node.lineno, (node.module or "").split(".")[0]


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


def test_every_package_has_its_layer() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages - {"benchmarks", "tests"} == set(LAYERS)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_downward_only(path: Path) -> None:
    room = room_of(path)
    for line, name in imported(path):
        if name in LAYERS and name != room:
            assert LAYERS[name] < LAYERS[room], (
                f"{path.relative_to(ROOT)}:{line}: {room} may not import {name}"
            )


def _inner_room(module: str) -> int:
    first = module.split(".")[1]
    return INNER.index("doors" if first in INNER_DOORS else first if first in INNER else "")


@pytest.mark.parametrize("path", sorted((ROOT / "handlers").rglob("*.py")), ids=lambda path: path.stem)
def test_the_rooms_of_handlers_import_in_one_direction(path: Path) -> None:
    own = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "handlers":
            for name in (f"{node.module}.{alias.name}" for alias in node.names):
                assert _inner_room(name) <= _inner_room(own), f"{own}:{node.lineno} may not import {name}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_libraries_enter_by_their_doors(path: Path) -> None:
    for line, name in imported(path):
        if name in DOORS:
            assert room_of(path) in DOORS[name], (
                f"{path.relative_to(ROOT)}:{line}: {name} may not be used here"
            )


def test_no_room_is_a_dump() -> None:
    names = {part for path in modules() for part in (*path.relative_to(ROOT).parts[:-1], path.stem)}
    assert not names & DUMP_ROOMS
