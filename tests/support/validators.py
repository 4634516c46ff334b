"""Is a Word or Excel file valid? Two validators from outside, each with what it finds as plain lines."""

from __future__ import annotations

import importlib.util
import json
import platform
import subprocess
from typing import TYPE_CHECKING

from tests.support.needs import needs
from tools.look import CACHE

if TYPE_CHECKING:
    from pathlib import Path

_SYSTEM = f"{platform.system().lower()}-{'arm64' if platform.machine() in {'arm64', 'aarch64'} else 'x64'}"
SDK = CACHE / "npm" / "node_modules" / "@xarsh" / f"ooxml-validator-{_SYSTEM}" / "ooxml-validator"

needs_sdk = needs(present=SDK.exists(), reason="needs the Open XML SDK validator (tools/install_validator.sh)")
needs_audit = needs(present=importlib.util.find_spec("openxml_audit") is not None, reason="needs openxml-audit")


def sdk_findings(path: Path) -> list[str]:
    """Return what the Open XML SDK holds against a file; its exit status says nothing, its JSON does."""
    done = subprocess.run([SDK, path, "Office2019"], check=True, capture_output=True, timeout=120)
    report = json.loads(done.stdout)
    findings = [_sdk_line(error) for error in report["errors"]]
    return findings if findings or report["ok"] else ["the file is not valid, for no stated reason"]


def _sdk_line(error: dict[str, str | None]) -> str:
    """Return one finding: where, and what."""
    where = " ".join(part for part in (error["path"], error["xPath"]) if part)
    return f"{where}: {error['description']}" if where else str(error["description"])


def audit_findings(path: Path) -> list[str]:
    """Return what openxml-audit holds against a file."""
    from openxml_audit import OpenXmlValidator

    result = OpenXmlValidator(max_errors=0).validate(path)
    return [f"{error.part_uri} {error.path}: {error.description}" for error in result.errors]
