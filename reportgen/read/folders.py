"""What a submission is on disk: a folder with 数据.xlsx and 正文*.docx."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

WORKBOOK, PROSE = "数据.xlsx", "正文*.docx"
WORD = (".docx", ".docm", ".doc", ".wps", ".rtf")
CHECKED = "数据_核对.xlsx"  # the copy that check --annotate makes is no submission
LIKELY = (PROSE, "数据*.xls*", "数据*.et")


def prose_name() -> str:
    """What the prose is usually called: 正文.docx."""
    return PROSE.replace("*", "")


def submissions(folders: Iterable[Path]) -> list[Path]:
    """The submission folders meant: a folder with a workbook, or all those inside a folder that has none.

    Inside, a folder with prose or a misnamed workbook counts too: it must be said of, not passed over.
    """
    found: list[Path] = []
    for folder in folders:
        within = inside(folder)
        found += [folder] if (folder / WORKBOOK).exists() or not within else within
    unique: dict[Path, Path] = {}
    for folder in found:
        unique.setdefault(folder.resolve(), folder)
    return list(unique.values())


def inside(folder: Path) -> list[Path]:
    """The folders one level down that hold a submission, or something that was meant to be one."""
    files = (path for pattern in (WORKBOOK, *LIKELY) for path in folder.glob(f"*/{pattern}"))
    return sorted({path.parent for path in files if path.name != CHECKED})


def prose_files(folder: Path) -> list[Path]:
    """Every department's Word file; an older format counts, to be told of, unless it was saved as .docx too."""
    found = sorted(path for path in folder.glob("正文*") if path.suffix.lower() in WORD and path.is_file())
    saved = {path.stem for path in found if path.suffix.lower() == ".docx"}
    return [path for path in found if path.suffix.lower() == ".docx" or path.stem not in saved]
