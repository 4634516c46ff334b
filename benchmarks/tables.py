"""results.json as the tables of benchmarks/README.md and of README.md: nobody types a figure."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
BEGIN, END = "<!-- make bench 写的，不要手改 -->", "<!-- make bench 写到这里 -->"
_BETWEEN = re.compile(f"({re.escape(BEGIN)}\n).*?({re.escape(END)})", re.DOTALL)
OURS, TRACED = "reportgen", "reportgen traced"
NAMES = {
    OURS: "**reportgen**", TRACED: "**reportgen，每个数带出处**", "reportgen gate": "reportgen，加出文前检查",
    "reportgen traced gate": "reportgen，带出处，加出文前检查", "python-docx": "python-docx 手写",
    "floor": "下限：XML 现成，只压缩打包", "floor zlib 1": "下限，zlib 1 级", "floor zlib 6": "下限，zlib 6 级",
    "floor libdeflate 1": "下限，libdeflate 1 级", "floor libdeflate 6": "下限，libdeflate 6 级", "floor isal 1": "下限，isal 1 级",
}  # fmt: skip


def rendering_table(results: dict[str, Any]) -> str:
    """Template → bytes, the fastest first: milliseconds, how many times as fast as docxtpl, size."""
    engines = results["rendering"]["engines"]
    base = engines.get("docxtpl", {}).get("ms")
    lines = ["| | 版本 | 毫秒 | 比 docxtpl 快 | KB |", "|---|---|--:|--:|--:|"]
    for name, one in sorted(engines.items(), key=lambda item: item[1]["ms"]):
        version = "" if name in NAMES and name != "python-docx" else one["version"]
        times = f"{base / one['ms']:.1f} 倍" if base else ""
        lines.append(f"| {NAMES.get(name, name)} | {version} | {one['ms']:.2f} | {times} | {one['bytes'] / 1024:.1f} |")
    left = [*results["missing"], *(f"{name}（{why}）" for name, why in results["rendering"]["out"].items())]
    return "\n".join(lines) + (f"\n\n没有参加：{'、'.join(left)}。" if left else "")


def job_table(results: dict[str, Any]) -> str:
    """Folder → document, beside the plain job; how it grows; start-up."""
    job, start = results["folders"]["job"], results["folders"]["start"]
    lines = [
        "| 一个文件夹做成一份报告 | 毫秒 | 每秒份数 |", "|---|--:|--:|",
        f"| **reportgen build**：读、查、算分、写、出处、台账 | {job['reportgen']:.1f} | {1000 / job['reportgen']:.1f} |",
        f"| openpyxl + python-docx + docxtpl，{job['figures']} 个数都替它算好 | {job['plain']:.1f} | {1000 / job['plain']:.1f} |",
        "", "| 一次做到第几份 | 每份毫秒 | 内存 MiB |", "|--:|--:|--:|",
    ]  # fmt: skip
    lines += [f"| {one['documents']} | {one['ms']:.1f} | {one['mib']:.0f} |" for one in results["folders"]["growth"]]
    begun = f"启动：`--help` {start['help']:.0f} 毫秒，只 `import click` 的 Python {start['click']:.0f} 毫秒"
    return "\n".join((*lines, "", f"{begun}（{start['help'] / start['click']:.2f} 倍）。"))


def machine(results: dict[str, Any]) -> str:
    """Where and when."""
    return f"{results['date']}，{results['machine']}，Python {results['python']}，node {results['node'] or '没有'}。"


def full(results: dict[str, Any]) -> str:
    """What benchmarks/README.md shows."""
    pieces = (machine(results), "## 模板 → 文件", rendering_table(results), "## 文件夹 → 报告", job_table(results))
    return "\n\n".join(pieces)


def short(results: dict[str, Any]) -> str:
    """What README.md shows: ours, and each peer."""
    engines = results["rendering"]["engines"]
    ours = engines[OURS]["ms"]
    lines = ["| 同一份文档，模板 → 文件 | 毫秒 | reportgen 快 |", "|---|--:|--:|"]
    shown_here = [name for name in engines if name in (OURS, TRACED) or name not in NAMES]
    for name in sorted(shown_here, key=lambda one: engines[one]["ms"]):
        ratio = "" if name in (OURS, TRACED) else f"{engines[name]['ms'] / ours:.0f} 倍"
        lines.append(f"| {NAMES.get(name, name)} | {engines[name]['ms']:.1f} | {ratio} |")
    job = results["folders"]["job"]
    return "\n".join((*lines, "", f"文件夹 → 报告（读、查、算分、写、台账都算上）：每份 {job['reportgen']:.0f} 毫秒。"))


def put(path: Path, text: str) -> None:
    """Replace what stands between the marks."""
    path.write_text(_BETWEEN.sub(lambda found: f"{found[1]}{text}\n{found[2]}", path.read_text("utf-8")), "utf-8")


def shown(path: Path) -> str:
    """What stands between the marks."""
    found = _BETWEEN.search(path.read_text("utf-8"))
    return found[0].removeprefix(BEGIN).removesuffix(END).strip() if found else ""
