"""Many submissions and many runs: what is made again, what is never overwritten, and that none is ever lost."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from reportgen.batch import held
from reportgen.build import build, make, orders
from reportgen.case import Made
from reportgen.commands.summary import write_summary
from reportgen.marks import PENDING
from reportgen.model import ERROR, Place, Problem
from reportgen.read.sheets import read_sheets
from reportgen.running.loop import Batch
from reportgen.running.pool import pool
from reportgen.write.files import PREFIX, SUFFIX
from tests.conftest import Record
from tests.support.kinds import BASICS, MONEY, Library
from tests.support.samples import LUOHU, ROOT, SHENZHEN, ZHONGWEI, document_text
from tests.support.work import Task, again, lost, work
from tests.support.workbooks import prose, save, workbook
from tests.test_cli import BROKEN, Run, files, run_in

NAME = "小镇图书馆2024年度自评报告"
OUT = Path("build") / "小镇"


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    monkeypatch.chdir(tmp_path)
    return Library(tmp_path)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return lambda *arguments, **environment: run_in(tmp_path, *arguments, **environment)


def contents(folder: Path) -> dict[str, str]:
    """Every file below the folder and its sha256."""
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files(folder)}


def edit(path: Path) -> bytes:
    """Somebody adds a line in Word; the file's bytes then."""
    document = docx.Document(str(path))
    document.add_paragraph("填报人：张三")
    document.save(str(path))
    return path.read_bytes()


def figures(sheets: dict[str, str], name: str = "小镇") -> None:
    """Other figures in a submission that is there already; nothing else is touched."""
    save(workbook({"基本信息": BASICS, "经费": MONEY, **sheets}), Path("材料") / name / "数据.xlsx")


def spent(amount: int) -> dict[str, str]:
    """So many per cent of the budget spent, and why not all."""
    why = "失分指标 | 原因 | 措施 | 科室 | 时限\n预算执行 | 设备采购推迟到次年。 | 加快采购。 | 办公室 | 2025年6月底"
    return {"经费": MONEY.replace("支出 | 100", f"支出 | {amount}")} | ({"失分": why} if amount < 100 else {})


# --- what is made again ----------------------------------------------------------------------------------------


def statuses(folder: Path, draft: bool = False, force: bool = False) -> list[str]:
    return [one.status for one in build([folder], Path("build"), draft=draft, force=force)]


def test_what_has_not_changed_is_not_made_again(library: Library, tmp_path: Path) -> None:
    folder = library.write()
    (first,) = build([folder], Path("build"))
    before = {path: path.stat().st_mtime_ns for path in first.files}
    (again,) = build([folder], Path("build"))
    assert {path: path.stat().st_mtime_ns for path in again.files} == before
    assert (first.status, again.status) == ("made", "unchanged")
    assert (again.total, again.grade, again.points, again.unit) == (first.total, first.grade, first.points, first.unit)
    assert again.problems == first.problems


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda _: figures({"经费": MONEY.replace("80", "81")}), "输入变了：数据.xlsx"),
        (lambda _: edit(Path("材料/小镇/正文.docx")), "输入变了：正文.docx"),
        (lambda _: save(prose(""), Path("材料/小镇/正文-办公室.docx")), "输入变了：正文-办公室.docx"),
        (lambda _: (OUT / f"{NAME}.docx").unlink(), "报告不在了，或改动过"),
        (lambda _: edit(OUT / f"{NAME}.docx"), "报告不在了，或改动过"),
        (lambda _: (OUT / "台账.json").write_text("{", "utf-8"), "新"),
        (lambda _: (OUT / "台账.json").write_text('{"inputs": [], "written": 3}', "utf-8"), "新"),
        (lambda _: edit(Path("templates/library/town-2024/report.docx")), "评分表或模板变了：library/town-2024/report.docx"),
    ],
)  # fmt: skip
def test_whatever_a_report_is_made_from_or_of_is_looked_at(change, why: str, run: Run, library: Library) -> None:  # type: ignore[no-untyped-def]
    folder = library.write()
    build([folder], Path("build"))
    change(library)
    assert f"：{why}\n" in run("build", "材料", "--dry-run").out
    assert run("build", "材料").out.splitlines()[-1] == "共1份：生成1份，没有生成0份。"
    assert run("build", "材料").out.splitlines()[-1] == "共1份：生成0份，没有变1份，没有生成0份。"


def test_a_workbook_saved_while_it_was_being_read_is_read_again_the_next_time(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = library.write()

    def saved_meanwhile(path: Path) -> Any:
        figures({"基本信息": BASICS.replace("小镇图书馆", "新镇图书馆")})
        return read_sheets(path)

    monkeypatch.setattr("reportgen.build.read_sheets", saved_meanwhile)
    (first,) = build([folder], Path("build"))
    monkeypatch.undo()
    monkeypatch.chdir(library.folder)
    assert [first.unit, *(one.status for one in build([folder], Path("build")))] == ["新镇图书馆", "made"]
    assert [one.status for one in build([folder], Path("build"))] == ["unchanged"]


def test_force_makes_all_again(library: Library) -> None:
    folder = library.write()
    assert [statuses(folder), statuses(folder), statuses(folder, force=True)] == [["made"], ["unchanged"], ["made"]]


def test_a_draft_and_a_report_are_not_taken_for_each_other(library: Library) -> None:
    folder = library.write()
    assert [statuses(folder), statuses(folder, draft=True), statuses(folder, draft=True)] == [["made"], ["made"], ["unchanged"]]


@pytest.mark.parametrize("part", ["problems", "scorecard", "blocks"])
def test_a_ledger_that_somebody_has_spoilt_is_made_anew(part: str, library: Library) -> None:
    folder = library.write()
    assert statuses(folder) == ["made"]
    record = json.loads((OUT / "台账.json").read_text("utf-8"))
    for spoilt in (record | {part: [7]}, {name: value for name, value in record.items() if name != part}):
        (OUT / "台账.json").write_text(json.dumps(spoilt), "utf-8")
        assert statuses(folder) == ["made"]


def test_a_program_that_was_mended_makes_all_again(library: Library, tmp_path: Path) -> None:
    folder = library.write()
    assert statuses(folder) == ["made"]
    record = json.loads((OUT / "台账.json").read_text("utf-8"))
    (OUT / "台账.json").write_text(json.dumps(record | {"key": "0" * 64}), "utf-8")
    assert statuses(folder) == ["made"]


def test_a_dry_run_says_what_would_be_made_and_writes_nothing(run: Run, library: Library, tmp_path: Path) -> None:
    for name in ("甲馆", "乙馆"):
        library.write(name)
    run("build", "材料")
    figures({"经费": MONEY.replace("80", "81")}, "乙馆")
    for name in ("丙馆", "丁馆"):
        shutil.copytree("材料/甲馆", f"材料/{name}")
    figures({"经费": BROKEN}, "丁馆")
    shutil.copytree("材料/甲馆", "材料/戊馆")
    save(prose("# 下年打算\n开放三百天。"), Path("材料/戊馆/正文-办公室.docx"))
    before = contents(tmp_path)
    result = run("build", "材料", "--dry-run")
    assert contents(tmp_path) == before
    assert (result.code, result.out.splitlines()) == (
        1,
        [
            "不能生成 材料/丁馆：有问题",
            "  错误 E221 数据.xlsx › 经费 › B2：“约4800”不是数字（请只填数字，单位写在表头）",
            "将生成 材料/丙馆：新",
            "将生成 材料/乙馆：输入变了：数据.xlsx",
            "不能生成 材料/戊馆：有问题",
            "  错误 E604 正文-办公室.docx › 下年打算 › 第2段：“下年打算”的文稿没有写进报告（Word 模板里没有它的位置，请补上）",
            f"没有变 build/甲馆/{NAME}.docx，100分，优",
            "共5份：将生成2份，没有变1份，不能生成2份。",
        ],
    )


# --- nobody's work is lost ---------------------------------------------------------------------------------------


def test_a_report_changed_by_hand_is_never_overwritten(run: Run, library: Library) -> None:
    folder = library.write()
    run("build", "材料")
    mine = edit(OUT / f"{NAME}.docx")
    figures(spent(90))
    result = run("build", "材料")
    assert (result.code, result.out.splitlines()[:2]) == (
        0,
        [
            f"已生成 build/小镇/{NAME}_新版.docx，90分，优",
            f"  提醒 E605 {NAME}.docx：生成以后有人改动过，没有覆盖；新的是“{NAME}_新版.docx”（请比较两份，留下要的一份）",
        ],
    )
    assert (OUT / f"{NAME}.docx").read_bytes() == mine
    assert statuses(folder) == ["unchanged"]
    edit(OUT / f"{NAME}_新版.docx")
    (third,) = build([folder], Path("build"))
    assert third.files[0].name == f"{NAME}_新版2.docx"


def test_our_own_report_is_overwritten(library: Library) -> None:
    library.write()
    build([Path("材料")], Path("build"))
    figures(spent(90))
    build([Path("材料")], Path("build"))
    assert files(OUT) == ["台账.json", f"{NAME}.docx"]
    assert "得90分" in document_text((OUT / f"{NAME}.docx").read_bytes())


def test_a_file_that_was_there_before_us_is_not_overwritten(library: Library) -> None:
    save(prose("# 手写的报告"), OUT / f"{NAME}.docx")
    before = (OUT / f"{NAME}.docx").read_bytes()
    (made,) = build([library.write()], Path("build"))
    assert ((OUT / f"{NAME}.docx").read_bytes(), made.files[0].name) == (before, f"{NAME}_新版.docx")


def test_the_older_report_that_stays_is_said(run: Run, library: Library) -> None:
    library.write()
    run("build", "材料")
    figures({"经费": BROKEN})
    assert run("build", "材料").out.splitlines()[-2] == f"  上次生成的“{NAME}.docx”还在，没有动。"
    figures({"基本信息": BASICS.replace("小镇图书馆", "大镇图书馆")})
    result = run("build", "材料")
    assert result.out.splitlines()[1] == f"  上次生成的“{NAME}.docx”还在，没有动。"
    assert files(OUT) == ["台账.json", "大镇图书馆2024年度自评报告.docx", f"{NAME}.docx"]
    figures({})  # and back: the first one is still known as ours
    assert [one.files[0].name for one in build([Path("材料")], Path("build"))] == [f"{NAME}.docx"]


def test_a_report_open_in_word_gets_a_new_one_beside_it(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.write()
    build([Path("材料")], Path("build"))
    old = (OUT / f"{NAME}.docx").read_bytes()
    (OUT / f"~${NAME[2:]}.docx").write_bytes(bytes([4]) + "张三".encode("gb18030"))
    figures(spent(90))
    with monkeypatch.context() as patch:
        replace = os.replace

        def refuse(source: str, target: Path) -> None:
            if Path(target).name == f"{NAME}.docx":
                raise PermissionError(13, "另一个程序正在使用此文件")
            replace(source, target)

        patch.setattr(os, "replace", refuse)
        (made,) = build([Path("材料")], Path("build"))
    assert (made.status, made.files[0].name, (OUT / f"{NAME}.docx").read_bytes()) == ("made", f"{NAME}(1).docx", old)
    assert [(one.code, one.message) for one in made.problems] == [("E606", f"正开着（张三），写不进去；新的是“{NAME}(1).docx”")]
    figures(spent(80))  # closed again: the old one was never changed by hand
    (made,) = build([Path("材料")], Path("build"))
    assert (made.files[0].name, [path.name for path in made.left]) == (f"{NAME}.docx", [f"{NAME}(1).docx"])


# --- one run at a time --------------------------------------------------------------------------------------------

HOLD = """\
import time
from pathlib import Path
from reportgen.batch import held
with held(Path("build")):
    print("held", flush=True)
    time.sleep(60)
"""


def hold(folder: Path) -> subprocess.Popen[bytes]:
    """A run that holds the folder's output folder."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-c", HOLD], cwd=folder, stdout=subprocess.PIPE, env=environment)
    assert process.stdout
    assert process.stdout.readline().strip() == b"held"
    process.stdout.close()
    return process


def test_a_second_run_stops_and_names_the_first(run: Run, library: Library, tmp_path: Path) -> None:
    library.write()
    first = hold(tmp_path)
    try:
        result = run("build", "材料")
        assert (result.code, result.out) == (1, "")
        assert re.fullmatch(
            rf"“build”正由另一次运行使用（进程{first.pid}，电脑.*，\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d开始，命令：-c）。"
            r"请等它做完再试，或用 --out 换一个文件夹。\n",
            result.err,
        )
        assert run("build", "材料", "--out", "另一处").code == 0
    finally:
        first.kill()
        first.wait()


def test_a_lock_whose_holder_was_killed_holds_nobody_up(run: Run, library: Library, tmp_path: Path) -> None:
    library.write()
    first = hold(tmp_path)
    first.kill()
    first.wait()
    assert (tmp_path / "build" / ".~reportgen.lock").exists()
    assert run("build", "材料").code == 0
    assert files(tmp_path / "build") == ["小镇/台账.json", f"小镇/{NAME}.docx"]


def test_a_folder_that_can_not_be_written_in_is_said(run: Run, library: Library, tmp_path: Path) -> None:
    library.write()
    (tmp_path / "清单.txt").write_text("", "utf-8")
    result = run("build", "材料", "--out", "清单.txt/build")
    assert (result.code, result.out, result.err.startswith("写不进“清单.txt/build”：")) == (1, "", True)


# --- over processes ---------------------------------------------------------------------------------------------


def many(library: Library, count: int) -> list[str]:
    """So many submissions, each of another town; their folders' names in order."""
    names = [f"第{number:03}镇" for number in range(count)]
    for name in names:
        library.write(name, {"基本信息": BASICS.replace("小镇", name)})
    return names


def test_processes_write_the_same_bytes_in_the_same_order(
    run: Run, library: Library, tmp_path: Path, record_property: Record
) -> None:
    many(library, 7)
    library.write("坏镇", {"经费": BROKEN})
    one, three = (run("build", "材料", "--out", f"{jobs}", "--jobs", jobs) for jobs in ("1", "3"))
    assert one.out.replace(" 1/", " 3/") == three.out
    assert (one.code, one.err, three.code, three.err) == (1, "", 1, "")
    assert contents(tmp_path / "1") == contents(tmp_path / "3")
    assert len(contents(tmp_path / "1")) == 7 * 2 + 1
    record_property("个文件", 7 * 2 + 1)


def test_a_worker_that_dies_costs_only_its_own(tmp_path: Path) -> None:
    tasks = [Task(number, dies=number in (3, 17)) for number in range(40)]
    assert list(Batch(work, pool(2), again, lost).run(tasks)) == [-1 if task.dies else task.number for task in tasks]


def test_all_may_die(tmp_path: Path) -> None:
    assert list(Batch(work, pool(2), again, lost).run([Task(number, dies=True) for number in range(5)])) == [-1] * 5


def test_a_submission_that_kills_its_worker_is_named_and_all_others_are_built(run: Run, library: Library, tmp_path: Path) -> None:
    names = many(library, 12)
    (tmp_path / "毒").mkdir()
    deadly = f"os._exit(9) if event == 'open' and '{names[5]}' in str(given[0]) else None"
    hook = f"import os, sys\nsys.addaudithook(lambda event, given: {deadly})"
    (tmp_path / "毒" / "sitecustomize.py").write_text(hook, "utf-8")
    result = run("build", "材料", "--jobs", "2", PYTHONPATH=os.pathsep.join([str(tmp_path / "毒"), str(ROOT)]))
    assert (result.code, result.out.splitlines()[-1]) == (1, "共12份：生成11份，没有生成1份。")
    assert f"没有生成 材料/{names[5]}\n  错误 E607 生成这一份时程序意外中断（" in result.out
    assert [line.split("/")[1].split("（")[0] for line in result.out.splitlines() if "生成 " in line] == names


def test_threads_that_share_a_template_and_a_rubric_write_the_same_bytes(tmp_path: Path) -> None:
    for number, sample in enumerate((LUOHU, SHENZHEN, LUOHU, ZHONGWEI, SHENZHEN, LUOHU)):
        shutil.copytree(sample, tmp_path / "材料" / f"{number}")
    alone, together = (orders([tmp_path / "材料"], tmp_path / out) for out in ("独自", "一起"))
    assert {make(order).status for order in alone} == {"made"}
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)  # they take turns a thousand times a report
    try:
        with ThreadPoolExecutor(4) as threads:
            assert {one.status for one in threads.map(make, together)} == {"made"}
    finally:
        sys.setswitchinterval(before)
    assert contents(tmp_path / "一起") == contents(tmp_path / "独自")


def test_what_a_dead_worker_left_half_written_is_cleared_when_the_run_ends(tmp_path: Path) -> None:
    with held(tmp_path):
        (tmp_path / "甲").mkdir()
        (tmp_path / "甲" / f"{PREFIX}1{SUFFIX}").write_bytes(b"half")
    assert not files(tmp_path / "甲")


def test_a_fault_of_the_programs_own_costs_one(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    from reportgen import batch

    many(library, 3)
    monkeypatch.setattr(batch, "make", lambda order: 1 / 0 if order.folder.name == "第001镇" else make(order))
    found = list(batch.batch(orders([Path("材料")], Path("build"))))
    assert [(one.status, [problem.code for problem in one.problems]) for one in found] == [
        ("made", []),
        ("failed", ["E607"]),
        ("made", []),
    ]
    with pytest.raises(ZeroDivisionError):
        list(batch.batch(orders([Path("材料")], Path("build"), debug=True)))


@pytest.mark.skipif(sys.platform == "win32", reason="signals to a group of processes are POSIX")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_keeps_what_is_done(jobs: str, run: Run, library: Library, tmp_path: Path) -> None:
    many(library, 120)  # so many that some are left when the signal comes, however quick they are made
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-u", "-m", "reportgen", "build", "材料", "--jobs", jobs]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, start_new_session=True, **pipes) as process:  # type: ignore[call-overload]
        process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)
        err = process.communicate(timeout=60)[1].decode()
    assert process.returncode == 130
    assert err.endswith("已中断。已经写好的文件都是完整的，再运行一次就接着做。\n")
    assert "Traceback" not in err
    assert not [name for name in files(tmp_path / "build") if ".~" in name]
    done = len([name for name in files(tmp_path / "build") if name.endswith(".docx")])
    counts = run("build", "材料", "--format", "json", "--jobs", jobs).json()
    assert (counts["asked"], counts["made"] + counts["unchanged"], counts["failed"]) == (120, 120, 0)
    assert 0 < counts["unchanged"] <= done < 120


def test_progress_is_said_every_twentieth_and_failures_last_in_one_page(run: Run, library: Library) -> None:
    many(library, 19)
    library.write("坏镇", {"经费": BROKEN})
    result = run("build", "材料")
    assert result.err.splitlines() == [f"已完成{number}/20（{number * 5}%）" for number in range(1, 21)]
    assert result.out.splitlines()[-3:] == [
        "没有生成的1份：",
        "  材料/坏镇：1个问题，错误 E221 数据.xlsx › 经费 › B2：“约4800”不是数字（请只填数字，单位写在表头）",
        "共20份：生成19份，没有生成1份。",
    ]


# --- 汇总.xlsx ----------------------------------------------------------------------------------------------------


def table(path: Path, sheet: str) -> list[list[str]]:
    """The cells as text."""
    return [["" if cell is None else str(cell) for cell in row] for row in openpyxl.load_workbook(path)[sheet].values]


def test_many_reports_are_summed_up_and_ranked(run: Run, library: Library, tmp_path: Path) -> None:
    for name, amount in (("甲", 90), ("乙", 100), ("丙", 90)):
        library.write(name, {**spent(amount), "基本信息": BASICS.replace("小镇", name)})
    library.write("丁", {"经费": BROKEN, "基本信息": BASICS.replace("小镇", "丁")})
    run("build", "材料")
    path = tmp_path / "build" / "汇总.xlsx"
    blocked = "错误 E221 数据.xlsx › 经费 › B2：“约4800”不是数字（请只填数字，单位写在表头）"
    assert table(path, "汇总") == [
        ["单位", "材料", "年度", "版本", "结果", "总分", "等级", "名次", "管理", "问题数", "要处理的", "为什么没有生成"],
        ["乙图书馆", "乙", "2024", "library/town-2024", "已生成", "100", "优", "1", "100", "0", "0", ""],
        ["丙图书馆", "丙", "2024", "library/town-2024", "已生成", "90", "优", "2", "90", "0", "0", ""],
        ["甲图书馆", "甲", "2024", "library/town-2024", "已生成", "90", "优", "2", "90", "0", "0", ""],
        ["丁图书馆", "丁", "2024", "library/town-2024", "没有生成", "", "", "", "", "1", "1", blocked],
    ]
    assert table(path, "问题")[1:] == [
        ["丁图书馆", "丁", "错误", "E221", "数据.xlsx › 经费 › B2", "“约4800”不是数字", "请只填数字，单位写在表头", ""]
    ]
    sheet = openpyxl.load_workbook(path)["汇总"]
    (chart,) = sheet._charts  # type: ignore[attr-defined]
    assert chart.series[0].val.numRef.f == "'汇总'!$F$2:$F$4"
    assert [str(one.sqref) for one in sheet.conditional_formatting] == ["E2:E5", "F2:F5"]


def test_words_like_a_formula_stay_words_and_no_letter_breaks_the_table(tmp_path: Path) -> None:
    problem = Problem("E221", ERROR, Place("数据.xlsx"), "“=1+1”\x07\ud800不是数字")
    write_summary(tmp_path, [Made(Path("甲"), "failed", (problem,), unit="=1+1"), Made(Path("𠮷&<"), "failed")])
    book = openpyxl.load_workbook(tmp_path / "汇总.xlsx")
    assert [(book["汇总"][mark].value, book["汇总"][mark].data_type) for mark in ("A2", "A3")] == [("=1+1", "s"), ("𠮷&<", "s")]
    assert book["问题"]["F2"].value == "“=1+1”?不是数字"


def test_reports_without_scores_are_summed_up_without(tmp_path: Path) -> None:
    write_summary(tmp_path, [Made(Path(name), "made", edition="plan/town", unit=name) for name in ("甲", "乙")])
    assert table(tmp_path / "汇总.xlsx", "汇总") == [
        ["单位", "材料", "年度", "版本", "结果", "问题数", "要处理的", "为什么没有生成"],
        ["甲", "甲", "", "plan/town", "已生成", "0", "0", ""],
        ["乙", "乙", "", "plan/town", "已生成", "0", "0", ""],
    ]


def test_each_edition_and_year_is_ranked_by_itself_and_equals_alike(tmp_path: Path) -> None:
    ours = {"甲": "90.5", "乙": "91", "丁": "90.50", "戊": "9", "己": PENDING}
    made = [Made(Path(name), "made", edition="ours", total=total) for name, total in ours.items()]
    made.append(Made(Path("丙"), "made", edition="theirs", total="80"))
    made.append(Made(Path("庚"), "made", edition="ours", year="2023", total="70"))
    write_summary(tmp_path, made)
    ranks = {row[0]: row[7] for row in table(tmp_path / "汇总.xlsx", "汇总")[1:]}
    assert ranks == {"乙": "1", "甲": "2", "丁": "2", "戊": "4", "己": "", "丙": "1", "庚": "1"}


def test_the_table_has_the_same_bytes_whenever_it_is_made(run: Run, library: Library, tmp_path: Path) -> None:
    many(library, 2)
    run("build", "材料")
    before = contents(tmp_path / "build")
    time.sleep(2.1)  # a zip file counts in steps of two seconds
    run("build", "材料")
    assert contents(tmp_path / "build") == before


def test_one_report_needs_no_table(run: Run, library: Library, tmp_path: Path) -> None:
    library.write()
    assert run("build", "材料").code == 0
    assert files(tmp_path / "build") == ["小镇/台账.json", f"小镇/{NAME}.docx"]
