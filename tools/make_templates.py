"""Make the Word templates that ship: python -m tools.make_templates

A template is plain Word and may be edited there; this tool is how the shipped ones came to be, and how a change of
format reaches all of them. Equal code gives equal bytes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.dapeng_template import dapeng_2021
from tools.longgang_template import longgang_2022
from tools.luohu_template import luohu_2024
from tools.quality_index_template import shenzhen_2022
from tools.work_plan_template import zhongwei_2022

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
SHIPPED = {
    "self_evaluation/dapeng-2021": dapeng_2021,
    "self_evaluation/longgang-2022": longgang_2022,
    "self_evaluation/luohu-2024": luohu_2024,
    "quality_index/shenzhen-2022": shenzhen_2022,
    "work_plan/zhongwei-2022": zhongwei_2022,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Write the Word templates that ship.")
    parser.add_argument("editions", nargs="*", metavar="EDITION", help="which ones (default: all)")
    parser.add_argument("--out", type=Path, default=TEMPLATES, metavar="DIR", help="default: templates")
    options = parser.parse_args(arguments)
    unknown = set(options.editions) - set(SHIPPED)
    if unknown:
        parser.error(f"no such edition: {', '.join(sorted(unknown))}")
    for edition in options.editions or SHIPPED:
        target = options.out / edition / "report.docx"
        target.write_bytes(SHIPPED[edition]())
        print(target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
