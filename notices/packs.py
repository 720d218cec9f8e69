"""Reading packs: YAML files in, one `Notice` out, and every fault of their form named on the way."""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from forms.model import Form, Frozen
from notices.bank import Bank
from notices.model import Filer, Notice, Passage
from notices.reminders import Reminders
from notices.tables import Table

REMINDERS = "reminders.yaml"
SHARED_FILERS = Path(__file__).parent / "filers"
"""Kinds of filer that several packs use; a pack's own `filers/` comes first."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of a pack: the file (inside its pack's folder), the key as a dotted path, and why."""

    file: str
    key: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key or '-'}: {self.reason}"


class Text(Frozen):
    """The file `text.yaml`."""

    passages: tuple[Passage, ...]


@dataclass(slots=True)
class Pack:
    """A pack as read: where each part stood, and what was wrong. `notice` is None when anything was."""

    folder: Path
    notice: Notice | None = None
    problems: list[Problem] = field(default_factory=list)
    filer_files: dict[str, str] = field(default_factory=dict)
    form_files: dict[str, str] = field(default_factory=dict)
    table_files: dict[str, str] = field(default_factory=dict)
    entry_files: dict[str, str] = field(default_factory=dict)


class _Loader(yaml.CSafeLoader):
    """YAML that refuses a key given twice, where PyYAML would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Any] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value!r} is given twice", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_pack(folder: Path) -> Pack:
    """Read the pack in `folder`; what does not fit the model stands in its `problems`."""
    pack = Pack(folder)
    manifest = _mapping(pack, "notice.yaml")
    text: Text | None = _valid_file(pack, "text.yaml", Text)
    forms = list(_named(pack, pack.form_files, "forms", Form))
    tables = list(_named(pack, pack.table_files, "tables", Table))
    if manifest is None:
        return pack
    filers = list(_filers(pack, manifest))
    # Every part is checked by itself before; here only the manifest's own keys can still be wrong.
    parts: dict[str, Any] = {
        "passages": text.passages if text else (),
        "forms": forms,
        "filers": filers,
        "tables": tables,
    }
    parts["reminders"] = _reminders(pack)
    for key in parts.keys() - {"filers"}:
        if key in manifest:
            pack.problems.append(Problem("notice.yaml", key, "unknown key: this part has files of its own"))
    notice = _valid(pack, "notice.yaml", Notice, {**manifest, **parts})
    pack.notice = None if pack.problems else notice
    return pack


def _reminders(pack: Pack) -> Reminders:
    """The ladder; a pack without the file reminds nobody."""
    found = _valid_file(pack, REMINDERS, Reminders) if (pack.folder / REMINDERS).exists() else None
    return found or Reminders()


def _mapping(pack: Pack, name: str) -> dict[str, Any] | None:
    content = _yaml(pack, name)
    if content is None or isinstance(content, dict):
        return content
    pack.problems.append(Problem(name, "", "is not a mapping of keys to values"))
    return None


def _yaml(pack: Pack, name: str, folder: Path | None = None) -> Any:
    try:
        content = yaml.load(((folder or pack.folder) / name).read_text(encoding="utf-8"), Loader=_Loader)
    except FileNotFoundError:
        pack.problems.append(Problem(name, "", "the file is missing"))
    except UnicodeDecodeError as error:
        pack.problems.append(Problem(name, "", f"is not UTF-8 (byte {error.start})"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}" if mark else ""
        pack.problems.append(Problem(name, line, getattr(error, "problem", None) or str(error)))
    else:
        if content is not None:
            return content
        pack.problems.append(Problem(name, "", "the file is empty"))
    return None


def _valid(pack: Pack, name: str, model: Any, content: Any) -> Any:
    try:
        return TypeAdapter(model).validate_python(content)
    except ValidationError as error:
        pack.problems += problems_of(error, name)
        return None


def problems_of(error: ValidationError, file: str) -> Iterator[Problem]:
    """A model's complaints as problems of `file`."""
    for fault in error.errors(include_url=False):
        key = ".".join(str(step) for step in fault["loc"] if step not in ("detail", "statistics"))
        reason = {"extra_forbidden": "unknown key", "missing": "the key is missing"}.get(fault["type"])
        yield Problem(file, key, reason or fault["msg"].removeprefix("Value error, "))


def _valid_file(pack: Pack, name: str, model: Any, folder: Path | None = None) -> Any:
    content = _yaml(pack, name, folder)
    return None if content is None else _valid(pack, name, model, content)


def _named(pack: Pack, files: dict[str, str], under: str, model: Any) -> Iterator[Any]:
    for path in sorted((pack.folder / under).glob("*.yaml")):
        name = f"{under}/{path.name}"
        item = _valid_file(pack, name, model)
        if item is None:
            continue
        if item.name in files:
            pack.problems.append(Problem(name, "name", f"{item.name!r} stands in {files[item.name]} as well"))
        files[item.name] = name
        yield item


def _filers(pack: Pack, manifest: dict[str, Any]) -> Iterator[Filer]:
    kinds = manifest.pop("filers", [])
    if not isinstance(kinds, list):
        pack.problems.append(Problem("notice.yaml", "filers", "is not a list of kinds"))
        return
    for index, kind in enumerate(kinds):
        name, folder = f"filers/{kind}.yaml", pack.folder
        if not (folder / name).exists():
            folder = SHARED_FILERS.parent
        if not (folder / name).exists():
            pack.problems.append(Problem("notice.yaml", f"filers.{index}", f"there is no filers/{kind}.yaml"))
            continue
        filer: Filer | None = _valid_file(pack, name, Filer, folder)
        if filer is None:
            continue
        if filer.kind != kind:
            pack.problems.append(Problem(name, "kind", f"is {filer.kind!r}, but the file is named {kind!r}"))
        pack.filer_files[filer.kind] = name
        yield filer


def read_bank(pack: Pack) -> Bank:
    """The pack's question bank; what does not fit its model is added to the pack's problems."""
    parts: list[Bank] = []
    for path in sorted((pack.folder / "questions").glob("*.yaml")):
        name = f"questions/{path.name}"
        part: Bank | None = _valid_file(pack, name, Bank)
        if part:
            parts.append(part)
            pack.entry_files.update({entry.id: name for entry in part.answers})
            pack.entry_files.update({entry.id: name for entry in part.untold})
    return Bank(
        answers=tuple(entry for part in parts for entry in part.answers),
        untold=tuple(entry for part in parts for entry in part.untold),
    )


def pack_folders(path: Path) -> Iterable[Path]:
    """The packs at `path`: itself when it is one, else its sub-folders."""
    if (path / "notice.yaml").exists():
        return [path]
    return sorted(
        folder for folder in path.iterdir() if folder.is_dir() and not folder.name.startswith((".", "_"))
    )
