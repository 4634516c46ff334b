"""同比 and 占比: figures that a format works out, traced like any other."""

from __future__ import annotations

import json
from pathlib import Path

import docx
import pytest

from reportgen.build import build
from reportgen.case import Case
from reportgen.marks import plain
from reportgen.prose import Paragraph
from reportgen.say import explain_text
from tests.support.kinds import EDITION, MONEY, Library, told
from tests.support.workbooks import save

FIGURES = """
数据名 | 数值 | 单位 | 上年数
借阅量 | 3962838 | 册次 | 3617379
办证量 | 900 | 张 | 1000
讲座数 | 12 | 场 | 12
满意率 | 95.2% | % | 92%
停电天数 | 3 | 天 | 0
微信粉丝 | 500 | 人 |
本馆收入 | 3600 | 元 | 4000
"""


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    monkeypatch.chdir(tmp_path)
    return Library(tmp_path)


def told_in_prose(library: Library, words: str) -> tuple[str, Case]:
    library.words = f"# 主要工作\n{words}"
    case = library.judge({"业务数据": FIGURES})
    assert case.submission
    (block,) = case.submission.prose["主要工作"]
    assert isinstance(block, Paragraph)
    return block.text, case


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("借阅量{{ 借阅量|同比 }}", "借阅量同比增长9.55%"),
        ("办证量{{ 办证量|同比 }}", "办证量同比下降10.00%"),
        ("讲座数{{ 讲座数|同比 }}", "讲座数同比持平"),
        ("满意率{{ 满意率|同比 }}", "满意率同比增长3.20个百分点"),
        ("{{ 全年预算|同比(年初预算) }}", "同比增长25.00%"),
        ("{{ 年初预算|占比(全年预算) }}", "80.00%"),
        ("{{ 年初预算｜占比（全年预算）｜小数（0） }}%", "80%"),
        ("{{ 本馆收入|占比(全年预算) }}", "0.36%"),
    ],
)
def test_a_figure_is_compared(library: Library, typed: str, read: str) -> None:
    text, case = told_in_prose(library, typed)
    assert (plain(text), told(case.problems)) == (read, [])


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("{{ 停电天数|同比 }}", "“停电天数上年数”是0，不大于0，算不出同比"),
        ("{{ 微信粉丝|同比 }}", "“微信粉丝”没有上年数，算不出同比；请补填，或写成“同比(上年数的名称)”"),
        ("{{ 馆名|同比 }}", "“馆名”不是数"),
        ("{{ 借阅量|占比(馆名) }}", "“馆名”不是数"),
        ("{{ 借阅量|占比(办证量) }}", "“借阅量”和“办证量”的单位不同（册次、张），算不出占比"),
        ("{{ 借阅量|占比 }}", "格式“占比”的括号里不是这样写"),
    ],
)
def test_what_can_not_be_compared_is_said(library: Library, typed: str, sentence: str) -> None:
    _, case = told_in_prose(library, typed)
    assert told(case.problems) == [f"错误 E307 正文.docx › 主要工作 › 第2段：{sentence}（请改正这个占位，或它用到的数）"]


def test_a_blank_in_the_brackets_is_said(library: Library) -> None:
    _, case = told_in_prose(library, "{{ 年初预算|占比(捐赠收入) }}")
    sentence = "“捐赠收入”没有数（空着，或算它要用的数空着）；可以空着的，写成“捐赠收入|或(…)”"
    assert told(case.problems) == [f"错误 E310 正文.docx › 主要工作 › 第2段：{sentence}（请补上它要用的数）"]


def test_a_wrong_name_in_the_brackets_is_said_with_the_nearest(library: Library) -> None:
    _, case = told_in_prose(library, "{{ 年初预算|占比(全年预祘) }}")
    assert "没有叫“全年预祘”的数据项，您是不是要找“全年预算”" in told(case.problems)[0]


def test_the_figure_is_a_fact_with_its_cells_and_arithmetic(library: Library) -> None:
    _, case = told_in_prose(library, "{{ 借阅量|同比 }}，{{ 本馆收入|占比(全年预算) }}")
    assert list(explain_text(case, "借阅量同比")) == [
        "借阅量同比＝9.55%",
        "  公式：(借阅量 - 借阅量上年数) / 借阅量上年数",
        "  算式：(3,962,838－3,617,379)÷3,617,379×100%＝9.55%",
        "  来自 数据.xlsx › 业务数据 › B2：借阅量 3,962,838册次",
        "  来自 数据.xlsx › 业务数据 › D2：借阅量上年数 3,617,379册次",
    ]
    assert "  算式：3,600.00元÷100.00万元×100%＝0.36%" in list(explain_text(case, "本馆收入占全年预算的比重"))


def test_asked_for_twice_it_is_one_fact(library: Library) -> None:
    _, case = told_in_prose(library, "{{ 讲座数|同比 }}，{{ 讲座数|同比 }}，{{ 借阅量|同比 }}，{{ 借阅量|同比 }}")
    assert case.submission
    names = [fact.name for fact in case.submission.book.facts]
    assert (names.count("借阅量同比"), names.count("讲座数同比")) == (1, 1)


def test_a_cell_of_words_may_compare(library: Library) -> None:
    money = MONEY + "经费说明 | 预算{{ 全年预算｜同比（年初预算） }}"
    case = library.judge({"经费": money})
    assert case.submission
    assert plain(str(case.submission.facts["经费说明"].value)) == "预算同比增长25.00%"


def test_a_template_compares_and_its_figures_are_in_the_ledger(library: Library) -> None:
    folder = library.write(sheets={"业务数据": FIGURES})
    template = docx.Document()
    template.add_paragraph("借阅量{{ 借阅量|同比 }}，预算占{{ 年初预算|占比(全年预算)|小数(1) }}%。")
    template.add_paragraph("{{p 文稿.主要工作 }}")
    template.add_paragraph("{% for r in 业务数据 if r.数据名 == '办证量' %}{{ r.数值|同比 }}{% endfor %}")
    save(template, library.folder / "templates" / EDITION / "report.docx")
    (made,) = build([folder], library.folder / "build")
    assert (made.status, told(made.problems)) == ("made", [])
    ledger = json.loads(made.files[1].read_text("utf-8"))
    shown = {ledger["facts"][one["fact"]]["name"]: one["shown"] for one in ledger["figures"]}
    assert shown == {"借阅量同比": "9.55%", "年初预算占全年预算的比重": "80.0", "办证量同比": "10.00%"}
    rate = next(fact for fact in ledger["facts"] if fact["name"] == "办证量同比")
    assert [place["mark"] for place in rate["places"]] == ["B3", "D3"]
