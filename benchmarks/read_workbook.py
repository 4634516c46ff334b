"""How long reading a workbook takes: openpyxl twice (formulas, then values), python-calamine, and ours.

    python benchmarks/read_workbook.py [--rounds 30]

One styled workbook of 16 sheets × 20 rows × 8 columns. The readers take turns, so that a busy machine slows all alike.
Calamine is measured where it is installed; it has no formulas, no formats, and reads an error as a blank.
"""

from __future__ import annotations

import argparse
import importlib
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from reportgen.read.sheets import read_sheets

SHEETS, ROWS, COLUMNS = 16, 20, 8


def make(path: Path) -> None:
    """A workbook like those handed in: a merged title, a header, names, money, per cents, dates, remarks."""
    book = openpyxl.Workbook()
    edge = Side(style="thin")
    for number in range(SHEETS):
        sheet = book.create_sheet(f"表{number + 1}")
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=COLUMNS)
        sheet.append([])
        sheet["A1"] = f"第{number + 1}张表（单位：万元）"
        sheet["A1"].font = Font(name="黑体", size=16, bold=True)
        sheet.append(["单位", "年初数", "调整后", "执行数", "执行率", "日期", "编号", "备注"])
        for row in range(3, ROWS + 1):
            amount = 1000.37 * row + number
            done = round(amount * 0.9567, 2)
            figures = [amount, amount * 1.1, done, done / amount, 45000 + row]
            sheet.append([f"第{row}个单位", *figures, f"{row:03}", "按期完成"])
            for cell in sheet[row]:
                cell.border = Border(edge, edge, edge, edge)
                cell.alignment = Alignment(wrap_text=True)
                cell.number_format = {5: "0.00%", 6: "yyyy-mm-dd"}.get(cell.column, "#,##0.00")
            sheet.cell(row, 1).fill = PatternFill("solid", "FFEEEEEE")
    book.remove(book.worksheets[0])
    book.save(path)


def candidates(path: Path) -> dict[str, Callable[[], object]]:
    """Name → one full reading, every cell touched."""

    def openpyxl_twice() -> int:
        books = [openpyxl.load_workbook(path, data_only=values) for values in (False, True)]
        return sum(len(list(sheet.values)) for book in books for sheet in book.worksheets)

    found: dict[str, Callable[[], object]] = {"openpyxl 两遍": openpyxl_twice, "reportgen": lambda: read_sheets(path)}
    try:
        calamine = importlib.import_module("python_calamine")
    except ImportError:
        return found

    def calamine_values() -> list[object]:
        book = calamine.CalamineWorkbook.from_path(str(path))
        return [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]

    return found | {"python-calamine": calamine_values}


def measure(readers: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median milliseconds of each, after one round that doesn't count."""
    times: dict[str, list[float]] = {name: [] for name in readers}
    for _ in range(rounds + 1):
        for name, reader in readers.items():
            start = time.perf_counter()
            reader()
            times[name].append((time.perf_counter() - start) * 1000)
    return {name: statistics.median(each[1:]) for name, each in times.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=30)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "数据.xlsx"
        make(path)
        medians = measure(candidates(path), parser.parse_args().rounds)
    print(f"{'reader':<18}{'median ms':>10}{'× ours':>8}")
    for name, median in medians.items():
        print(f"{name:<18}{median:>10.1f}{median / medians['reportgen']:>8.1f}")


if __name__ == "__main__":
    main()
