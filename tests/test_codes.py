"""Every message code means one thing, and docs/codes.md lists them all."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from reportgen.commands.codes import all_codes, one_code
from tests.support.kinds import Library
from tests.test_cli import run_in

ROOT = Path(__file__).parent.parent
CODE = re.compile(r"\"([DE]\d{2,3})\"")


def listed() -> list[tuple[str, str]]:
    """Code and meaning of every row in docs/codes.md."""
    text = (ROOT / "docs" / "codes.md").read_text("utf-8")
    return re.findall(r"^\| `([A-Z]\d+)` \| ([^|]*) \|", text, re.MULTILINE)


def test_no_code_means_two_things() -> None:
    times = Counter(code for code, _ in listed())
    assert [code for code, count in times.items() if count > 1] == []


def test_every_code_that_is_told_is_on_the_page_and_no_other() -> None:
    sources = [path.read_text("utf-8") for path in (ROOT / "reportgen").rglob("*.py")]
    assert {code for source in sources for code in CODE.findall(source)} == {code for code, _ in listed()}


# --- the command -------------------------------------------------------------------------------------------------


def test_the_command_lists_every_code_with_its_meaning() -> None:
    lines = list(all_codes())
    assert all(any(code in line and meaning.strip() in line for line in lines) for code, meaning in listed())
    assert "  R05  错误  服务目标应是目标表里的编号" in lines


def test_nothing_on_the_page_leans_on_the_row_above() -> None:
    assert [line for line in all_codes() if "同上" in line] == []


@pytest.mark.parametrize("typed", ["E221", "e221", " Ｅ２２１"])
def test_one_code_is_told_in_full_however_it_is_typed(typed: str) -> None:
    assert one_code(typed) == [
        "E221　单元格里不是数字",
        "  级别    错误",
        "  怎么办  只填数字，单位写在表头",
        "  属于    单元格",
    ]


def test_a_check_of_a_kind_of_ones_own_is_told_with_its_relation(tmp_path: Path) -> None:
    check = "- {编号: J03, 逐行: 分馆, 当: 预算数 > 0, 须: 支出数 ≤ 预算数, 容差: 0.005, 级别: 核实, 说明: 支出一般不超过预算}"
    Library(tmp_path, checks=check).write_templates()
    result = run_in(tmp_path, "codes", "j03")
    own = result.out.split("J03　")[1].splitlines()  # the shipped kind's J03 comes after
    assert own == [
        "支出一般不超过预算",
        "  级别    核实",
        "  逐行    分馆",
        "  当      预算数 > 0",
        "  须      支出数 ≤ 预算数",
        "  容差    0.005",
        "  怎么办  填错了就改；属实的，在“审核说明”表写明问题代码 J03 和理由",
        "  属于    图书馆年度自评报告（library）的勾稽",
    ]
    assert "J03　年中调整额应等于" in result.out


def test_a_kind_that_can_not_be_read_hides_no_code(tmp_path: Path) -> None:
    kind = tmp_path / "templates" / "ours" / "kind.yaml"
    kind.parent.mkdir(parents=True)
    kind.write_text("名称：坏的", "utf-8")
    assert run_in(tmp_path, "codes", "R05").code == 0


def test_an_unknown_code_is_wrong_usage_with_the_nearest(tmp_path: Path) -> None:
    result = run_in(tmp_path, "codes", "E22l")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("用法不对：没有“E22l”这个代码，您是不是要找“E")
