"""docs/manual is true: every command on it prints what stands below it, every file and link is there, every command is explained.

A page is followed from top to bottom in a folder with the program's inputs and templates. What its words tell the reader to
do by hand stands once more, for this test, in a comment that the reader doesn't see:

    <!-- 复制 inputs/luohu-2024 到 我的第一份 -->        <!-- 填好 云溪2024 -->  what tests/test_sixth_department.py types
    <!-- 填 我的第一份 预算!B8 约57万 -->               <!-- 写 云溪2024/正文.docx 5 第五段的话 -->  a paragraph

A yaml block that begins with a path in a comment is a file. In an answer … stands for what was left out.
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import pytest
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

from reportgen.commands.new import new
from tests.support.samples import ROOT
from tests.support.sheets import opened
from tests.support.workbooks import put, save
from tests.test_cli import COMMANDS, run_in
from tests.test_sixth_department import fill, typed, write_words

MANUAL = ROOT / "docs" / "manual"
PAGES = sorted(MANUAL.glob("*.md"))
STEP = re.compile(
    r"^<!-- (?P<act>\S+) (?P<rest>.+?) -->$|^```(?P<language>\w*)\n(?P<block>.*?)^```$", re.MULTILINE | re.DOTALL
)
SHOWN = re.compile(r"!?\[[^\]]*\]\(([^)#]+)(?:#[^)]*)?\)")
NAMED = re.compile(r"`((?:docs|tools|inputs|templates)/[^`<>*\s]+)`")
MADE = ("inputs/今年", "templates/self_evaluation/yunxi-2024")


def copy(folder: Path, source: str, _: str, target: str) -> None:
    shutil.copytree(folder / source, folder / target)


def change(folder: Path, name: str, cell: str, value: str = "") -> None:
    """Type into one cell."""
    sheet, _, mark = cell.partition("!")
    letters, row = coordinate_from_string(mark)
    with opened(folder / name) as book:
        book[sheet][mark] = None
        put(book[sheet], row, column_index_from_string(letters), value)


def fill_in(folder: Path, name: str) -> None:
    """A blank one, and all that the sixth department types."""
    new("self_evaluation/luohu-2024", folder / name, None)
    with opened(folder / name) as book:
        for sheet, rows in typed().items():
            fill(book[sheet], rows)
    write_words(folder / name / "正文.docx")


def write(folder: Path, name: str, number: str, *words: str) -> None:
    """Put words into a paragraph of a Word file, counted from 1."""
    document = docx.Document(str(folder / name))
    document.paragraphs[int(number) - 1].text = " ".join(words)
    save(document, folder / name)


ACTS: dict[str, Callable[..., None]] = {"复制": copy, "填": change, "填好": fill_in, "写": write}


def answers(block: str) -> Iterator[tuple[str, str]]:
    """Each command of a block and what stands below it."""
    for part in re.split(r"^> ", block, flags=re.MULTILINE)[1:]:
        command, _, answer = part.partition("\n")
        yield command, answer


def pattern(answer: str) -> str:
    """The answer, … for any words within a line, and for any lines where it stands alone."""
    lines = (".*" if line.strip() == "…" else re.escape(line).replace("…", "[^\n]*") for line in answer.splitlines())
    return r"\n".join(lines).replace(".*\\n", "(?:.*\\n)?").replace("\\n.*", "(?:\\n.*)?") + r"\n?"


def follow(page: str, folder: Path) -> Iterator[str]:
    """What differs between the page and what comes of following it."""
    for step in STEP.finditer(page):
        if step["act"] in ACTS:
            ACTS[step["act"]](folder, *step["rest"].split(" "))
        elif step["language"] == "yaml" and step["block"].startswith("# templates/"):
            path = folder / step["block"].split("\n")[0].removeprefix("# ")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step["block"], "utf-8")
        for command, answer in answers(step["block"] or ""):
            if command.startswith("reportgen "):
                result = run_in(folder, *shlex.split(command)[1:])
                said = result.out + result.err
                if not re.fullmatch(pattern(answer), said, re.DOTALL):
                    yield f"> {command}\n{said}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_prints_is_what_comes(page: Path, tmp_path: Path) -> None:
    for name in ("inputs", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name)
    assert list(follow(page.read_text("utf-8"), tmp_path)) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_names_is_there(page: Path) -> None:
    text = page.read_text("utf-8")
    links = {page.parent / target for target in SHOWN.findall(text) if not target.startswith("http")}
    named = {ROOT / name for name in NAMED.findall(text) if not name.startswith(MADE)}
    assert [path for path in links | named if not path.exists()] == []


def test_every_command_is_explained_with_an_example() -> None:
    text = "\n".join(page.read_text("utf-8") for page in PAGES)
    assert {name for name in COMMANDS if f"\n> reportgen {name} " not in text} == set()


def test_the_contents_lead_to_every_page_and_the_readme_to_the_contents() -> None:
    contents = (MANUAL / "README.md").read_text("utf-8")
    assert {page.name for page in PAGES} - set(SHOWN.findall(contents)) == {"README.md"}
    assert "docs/manual/README.md" in (ROOT / "README.md").read_text("utf-8")


def test_pictures_are_small_and_all_shown() -> None:
    pictures = set((ROOT / "docs" / "images" / "manual").iterdir())
    shown = {(page.parent / target).resolve() for page in PAGES for target in SHOWN.findall(page.read_text("utf-8"))}
    assert {path for path in pictures if path.resolve() not in shown or path.stat().st_size > 150_000} == set()


def test_a_page_that_is_wrong_is_found(tmp_path: Path) -> None:
    page = "```\n> reportgen --version\nreportgen 9.9.9\n```\n"
    assert [said.splitlines()[0] for said in follow(page, tmp_path)] == ["> reportgen --version"]
    assert list(follow("```\n> reportgen codes E221\n…\n```\n", tmp_path)) == []
