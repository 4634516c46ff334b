"""What earlier runs left in a submission's output folder: whether it still holds, and what must not be overwritten."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, count
from pathlib import Path
from typing import Any

import reportgen
from reportgen import editions, marks
from reportgen.case import UNCHANGED, Case, Made, Order
from reportgen.define.edition import edition_files
from reportgen.define.source import DefinitionError
from reportgen.model import Place, Problem
from reportgen.write.files import digest

LEDGER = "台账.json"
NOTICES = ("E605", "E606")  # what happened to a file in this run: no part of the report


@dataclass(frozen=True, slots=True)
class Earlier:
    """An output folder; ``record`` is the ledger in it, empty where there is none that can be read."""

    folder: Path
    record: Mapping[str, Any]

    @property
    def edition(self) -> str:
        """The edition of the last document, "" for none."""
        return str(self.record.get("edition", ""))

    @property
    def written(self) -> dict[str, str]:
        """The documents that we wrote here and their sha256 at that time."""
        return dict(self.record.get("written", {}))

    def wrote(self, path: Path) -> bool:
        """Whether the file is as we left it."""
        return bool(self.written) and digest(path) == self.written.get(path.name)

    def free(self, path: Path, document: bytes) -> Path:
        """Where the document may be written: there, or to 名称_新版 when somebody has changed the file since."""
        names = (f"{path.stem}_新版{number if number > 1 else ''}{path.suffix}" for number in count(1))
        tried = chain([path], (path.with_name(name) for name in names))
        return next(one for one in tried if not one.exists() or self.wrote(one) or digest(one) == sha256(document))

    def standing(self, now: str = "") -> Iterator[Path]:
        """Documents of earlier runs that are still there, other than the one written ``now``."""
        return (path for name in self.written if name != now and (path := self.folder / name).is_file())

    def state(self, path: Path, document: str, case: Case) -> dict[str, Any]:
        """What the next run has to know, for the ledger; ``document`` is its sha256."""
        written = {one.name: self.written[one.name] for one in self.standing(path.name)}
        files = _digests(case.edition)
        key = key_of(case.inputs, files, case.draft)
        return {"templates": files, "key": key, "document": path.name, "written": {path.name: document, **written}}

    def changes(self, inputs: Mapping[str, str], draft: bool) -> str:
        """Why the document has to be made anew, "" when nothing has changed; ``inputs`` are the files and their sha256."""
        if not self.record:
            return "新"
        if changed := _differences(self.record["inputs"], inputs):
            return f"输入变了：{changed}"
        try:
            files = _digests(self.edition)
        except (editions.NoEdition, DefinitionError, OSError):
            return "评分表或模板变了"
        if changed := _differences(self.record["templates"], files):
            return f"评分表或模板变了：{changed}"
        if self.record.get("key") != key_of(inputs, files, draft):
            return "程序换了，或草稿换成了正式报告"
        return "" if self.wrote(self.folder / str(self.record.get("document"))) else "报告不在了，或改动过"

    def unchanged(self, order: Order) -> Made:
        """The receipt of a document that is still good."""
        problems = [Problem(place=Place(**one.pop("place")), **one) for one in map(dict, self.record["problems"])]
        files = (self.folder / self.record["document"], self.folder / LEDGER)
        pending = sum(block["text"].count(marks.PENDING) for block in self.record["blocks"])
        return receipt(order.folder, UNCHANGED, problems, self.record, files=files, pending=pending, draft=order.draft)


def read_earlier(folder: Path) -> Earlier:
    """What the output folder holds."""
    try:
        record = json.loads((folder / LEDGER).read_bytes())
    except (OSError, ValueError):
        record = {}
    sound = isinstance(record, dict) and all(isinstance(record.get(name), dict) for name in ("inputs", "templates", "written"))
    return Earlier(folder, record if sound else {})


def receipt(folder: Path, status: str, problems: Sequence[Problem], record: Mapping[str, Any], **more: Any) -> Made:
    """A receipt with the head and scores of a ledger."""
    card = record["scorecard"]
    points = {one["name"]: one["earned"] for one in card.get("groups", ()) if one["level"] == 1}
    who = {name: record[name] for name in ("edition", "unit", "year")}
    scored = {"total": card.get("total", ""), "grade": card.get("grade", ""), "points": points}
    return Made(folder, status, tuple(problems), **who, **scored, **more)


def sha256(data: bytes) -> str:
    """In hex."""
    return hashlib.sha256(data).hexdigest()


def key_of(inputs: Mapping[str, str], files: Mapping[str, str], draft: bool) -> str:
    """One sha256 of all that a document is made from: inputs, edition, program, and whether it is a draft."""
    return sha256(json.dumps([sorted(inputs.items()), sorted(files.items()), _program(), draft]).encode())


def _differences(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    return "、".join(sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name)))


def _digests(edition: str) -> dict[str, str]:
    return {name: _digest(path, path.stat().st_mtime_ns) for name, path in sorted(edition_files(edition).items())}


@lru_cache(maxsize=256)
def _digest(path: Path, _changed: int) -> str:
    return digest(path)


@lru_cache(maxsize=1)
def _program() -> str:
    """The program's own text: the version alone would not tell that somebody has mended it."""
    home = Path(reportgen.__file__).parent
    texts = [(path.relative_to(home).as_posix(), digest(path)) for path in sorted(home.rglob("*.py"))]
    return sha256(json.dumps([reportgen.__version__, texts]).encode())
