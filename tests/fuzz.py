"""Damage the shipped submissions in every way and see: a list of problems or a sound report, in time, never a traceback.

``python -m tests.fuzz --minutes 10 --out fuzz.json`` goes on with new seeds; a failure is told with the seed that
makes it again: ``python -m tests.fuzz --seed 1234``.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import tempfile
import time
import traceback
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import chdir
from dataclasses import asdict, dataclass
from pathlib import Path

from reportgen.build import build, judge
from reportgen.commands.templates import template_cases
from reportgen.receipts import made_text
from reportgen.say import check_text, score_text
from tests.support.bad import parts_of, zipped
from tests.support.kinds import Library
from tests.support.samples import LUOHU, ROOT, SHENZHEN, ZHONGWEI

SAMPLES, SECONDS = (LUOHU, SHENZHEN, ZHONGWEI), 10
ODD = (
    *("", "0", "-1", "1e308", "NaN", "Infinity", "99999999999999999999", "0.1.2", "１２３", "1,23", "∞", "½", "#REF!", "TRUE"),
    *("{{ 7*7 }}", "{{", "{% for x in y %}", "｛｛ 名称｜格式 ｝｝", "=1+1", "&amp;", "<w:p/>", "R&D", "𠮷"),
    *("👨‍👩‍👧", "\u200b", "\ue000"),
    *("合计", "小计", "注：", "——", "是", "2024年13月", "2022年6月底", "CON", "../..", "、、", "a" * 40_000),
    *("[", "'", "\"", "\\", "%", "%s"),
)  # fmt: skip
BRANCHES = "分馆名 | 预算数（万元） | 支出数 | 馆级\n东馆 | 60 | 30.5 | 一级馆\n西馆 | 40.25 | 40 | 二级馆\n合计 | 100.25 | 70.5"
DATA = "数据名 | 数值 | 单位 | 上年数\n藏书 | 12.5 | 万册 | 12\n到馆率 | 87.62% | % | 80%"
LINES = ("\t甲: 1", "甲：1", "  - ", "甲: {{ x }}", "- [", "*a", "&a b", "'", "沿用: 甲", "表: []", "指标: 1", "值: 1/0",
         "分: -5", "值: 甲(")  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What came of one seed: how it was damaged, "problems", "report" or what went wrong, and the seconds."""

    seed: int
    damage: str
    result: str
    seconds: float
    detail: str = ""

    @property
    def failed(self) -> bool:
        return self.result not in ("problems", "report")


# ── ways of damage: each changes the file in place ──


def flip(path: Path, chance: random.Random) -> None:
    """A few bytes of the file itself."""
    data = bytearray(path.read_bytes())
    for _ in range(chance.randint(1, 8)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    path.write_bytes(data)


def cut(path: Path, chance: random.Random) -> None:
    """The end of the file."""
    data = path.read_bytes()
    path.write_bytes(data[: chance.randrange(len(data))])


def drop(path: Path, chance: random.Random) -> None:
    """Members of the package."""
    parts = parts_of(path)
    for name in chance.sample(sorted(parts), chance.randint(1, 3)):
        del parts[name]
    path.write_bytes(zipped(parts))


def swap(path: Path, chance: random.Random) -> None:
    """Two members of the package with each other."""
    parts = parts_of(path)
    one, other = chance.sample(sorted(parts), 2)
    parts[one], parts[other] = parts[other], parts[one]
    path.write_bytes(zipped(parts))


def gnaw(path: Path, chance: random.Random) -> None:
    """Bytes inside a member, its checksum right."""
    parts = parts_of(path)
    name = chance.choice([name for name, part in parts.items() if part])
    data = bytearray(parts[name])
    for _ in range(chance.randint(1, 6)):
        data[chance.randrange(len(data))] = chance.choice((chance.randrange(256), *b"<>&\"/ 09"))
    path.write_bytes(zipped({**parts, name: bytes(data)}))


def prune(path: Path, chance: random.Random) -> None:
    """Elements or attributes of a member, the XML as well-formed as it was."""
    parts = parts_of(path)
    name = chance.choice([name for name in parts if name.endswith((".xml", ".rels"))])
    text = parts[name].decode("utf-8", "replace")
    pattern = chance.choice((r' [\w:]+="[^"]*"', r"<[\w:]+[^<>]*/>", r">[^<>]+<", r"<(c|row|w:r|w:p|w:tc|w:tr)[ >].*?</\1>"))
    found = list(re.finditer(pattern, text, re.DOTALL))
    for one in sorted(chance.sample(found, min(len(found), chance.randint(1, 5))), key=lambda one: -one.start()):
        new = f">{_escaped(chance.choice(ODD))}<" if pattern.startswith(">") else chance.choice(("", "", one[0] * 2))
        text = text[: one.start()] + new + text[one.end() :]
    path.write_bytes(zipped({**parts, name: text.encode("utf-8", "replace")}))


def edit(path: Path, chance: random.Random) -> None:
    """Values and texts of a member: cells of a workbook, words of a Word file."""
    parts = parts_of(path)
    wanted = r"xl/(sharedStrings|worksheets/\w+)\.xml|word/document\.xml"
    name = chance.choice([name for name in parts if re.fullmatch(wanted, name)])
    text = parts[name].decode()
    found = list(re.finditer(r"(?<=<v>)[^<]*|(?<=<t>)[^<]*|(?<=<w:t>)[^<]+", text))
    for one in sorted(chance.sample(found, min(len(found), chance.randint(1, 4))), key=lambda one: -one.start()):
        text = text[: one.start()] + _escaped(chance.choice(ODD)) + text[one.end() :]
    path.write_bytes(zipped({**parts, name: text.encode()}))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def rewrite(path: Path, chance: random.Random) -> None:
    """Lines of a YAML file: one left out, doubled, moved, indented otherwise or replaced."""
    lines = path.read_text("utf-8").split("\n")
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(lines))
        line = lines[at]
        words = re.findall(r"[\w]+", line) or [""]
        lines[at : at + 1] = chance.choice((
            [], [line, line], [line, chance.choice(LINES)], ["  " + line], [line[1:]], [line[: len(line) // 2]],
            [line.replace(chance.choice(words), chance.choice(ODD)[:40], 1)], [chance.choice(lines)],
        ))  # fmt: skip
    path.write_text("\n".join(lines), "utf-8")


PACKAGES: tuple[Callable[[Path, random.Random], None], ...] = (flip, cut, drop, swap, gnaw, prune, edit, edit, edit)


# ── one run ──


def once(seed: int, folder: Path) -> Outcome:
    """Damage one file as the seed says, build, and look at what comes out."""
    chance = random.Random(seed)
    copy, definitions = _handed_in(folder, chance)
    files = definitions or [*copy.glob("*.xlsx"), *copy.glob("*.docx")]
    path = chance.choice(sorted(files))
    way = rewrite if path.suffix == ".yaml" else chance.choice(PACKAGES)
    way(path, chance)
    began = time.process_time()
    result, detail = _result(folder, copy, definitions)
    seconds = time.process_time() - began
    return Outcome(
        seed, f"{copy.name} {path.name} {way.__name__}", result if seconds < SECONDS else "too slow", round(seconds, 2), detail
    )


def _handed_in(folder: Path, chance: random.Random) -> tuple[Path, list[Path]]:
    """A small submission, mostly, or a shipped one; and the files that define its report where one of them is to be damaged."""
    sample = chance.choice(SAMPLES)
    if made_up := chance.random() < 0.7:
        copy = Library(folder).write(sheets={"分馆": BRANCHES, "业务数据": DATA})
    else:
        copy = Path(shutil.copytree(sample, folder / sample.name))
    if chance.random() < 0.6:
        return copy, []
    if not made_up:
        shutil.copytree(ROOT / "templates", folder / "templates")
    edition = "town-2024" if made_up else sample.name
    (place,) = (folder / "templates").glob(f"*/{edition}")
    named = [place.parent / "kind.yaml", place / "rubric.yaml", place / "report.docx"]
    return copy, [path for path in named if path.exists()]


def _result(folder: Path, copy: Path, definitions: list[Path]) -> tuple[str, str]:
    with chdir(folder if (folder / "templates").exists() else ROOT), warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            if definitions:
                template_cases(definitions[-1].parent)
            (made,) = build([copy], folder / "build", draft=copy.name == "小镇")
            case = judge(copy)
            lines = [*made_text(made), *check_text(case), *score_text(case)]
        except Exception:  # noqa: BLE001  # whatever it is, it is what we look for
            return "traceback", traceback.format_exc()
    if made.status == "made":
        return _sound(made.files[0])
    told = [problem for problem in made.problems if problem.blocks]
    return ("problems", "") if told and lines and all(problem.message for problem in told) else ("nothing told", "")


def _sound(path: Path) -> tuple[str, str]:
    """Whether the report opens: the gate has looked at all else."""
    with zipfile.ZipFile(path) as package:
        return ("report", "") if package.testzip() is None else ("broken report", path.name)


def fuzz(seeds: Iterable[int], until: float = float("inf")) -> list[Outcome]:
    """What came of each seed, while there is time."""
    done = []
    for seed in seeds:
        if time.monotonic() > until:
            break
        with tempfile.TemporaryDirectory() as folder:
            done.append(once(seed, Path(folder).resolve()))
    return done


def summary(outcomes: list[Outcome]) -> dict[str, object]:
    """Counts by result and by kind of damage, the slowest, and every failure with its seed."""
    return {
        "runs": len(outcomes),
        "results": dict(Counter(one.result for one in outcomes)),
        "damage": dict(sorted(Counter(" ".join(one.damage.split()[1:]) for one in outcomes).items())),
        "slowest": max((one.seconds for one in outcomes), default=0.0),
        "failures": [asdict(one) for one in outcomes if one.failed],
    }


def main() -> int:
    """Run from the command line; 1 where anything failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--seed", type=int, help="only this one")
    parser.add_argument("--first", type=int, default=random.SystemRandom().randrange(10**9), help="the first of many seeds")
    parser.add_argument("--out", type=Path, help="write the counts to this JSON file")
    options = parser.parse_args()
    seeds = [options.seed] if options.seed is not None else range(options.first, 10**12)
    counts = summary(fuzz(seeds, time.monotonic() + 60 * options.minutes))
    text = json.dumps(counts, ensure_ascii=False, indent=1)
    if options.out:
        options.out.write_text(text + "\n", "utf-8")
    print(text)
    return int(bool(counts["failures"]))


if __name__ == "__main__":
    raise SystemExit(main())
