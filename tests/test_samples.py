"""Every sample that ships, end to end: its document, its explanations, the bytes of two builds, the validators."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from reportgen import say
from reportgen.build import build, judge
from reportgen.case import Case
from reportgen.write.publish import compose
from tests.support.samples import DAPENG, LONGGANG, LUOHU, SHENZHEN, ZHONGWEI, document_text
from tests.support.structure import structure_findings
from tests.support.validators import audit_findings, needs_audit, needs_sdk, sdk_findings

NAMES = {
    LUOHU: "深圳市罗湖区卫生健康局2024年度部门整体绩效自评报告（送审稿）.docx",
    LONGGANG: "深圳市龙岗区卫生健康局2022年度部门整体绩效自评报告（定稿）.docx",
    DAPENG: "深圳市大鹏新区医疗健康集团2021年度部门整体支出绩效自评报告（定稿）.docx",
    SHENZHEN: "2022年度深圳市卫生健康质量指数测评分析报告（定稿）.docx",
    ZHONGWEI: "2022年深化医药卫生体制改革工作方案（定稿）.docx",
}
each_sample = pytest.mark.parametrize("sample", NAMES, ids=lambda sample: sample.name)


@cache
def judged(sample: Path) -> Case:
    return judge(sample)


@cache
def document(sample: Path) -> bytes:
    return compose(judged(sample))[0]


@each_sample
def test_the_document_reads_as_it_should(sample: Path, golden: Callable[[str, str], None]) -> None:
    golden(f"{sample.name}.docx.txt", document_text(document(sample)))


@pytest.mark.parametrize("sample", [LUOHU, LONGGANG, DAPENG], ids=lambda sample: sample.name)
def test_explanations_read_like_the_model_cells(sample: Path, golden: Callable[[str, str], None]) -> None:
    lines = "\n".join(say.score_text(judged(sample)))
    golden(f"{sample.name}.score.txt", lines.replace(str(sample), sample.name) + "\n")


@each_sample
def test_the_document_has_no_structural_flaw(sample: Path) -> None:
    assert structure_findings(document(sample)) == []


@needs_sdk
@needs_audit
@each_sample
def test_both_validators_find_nothing(sample: Path, tmp_path: Path) -> None:
    path = tmp_path / "report.docx"
    path.write_bytes(document(sample))
    assert (sdk_findings(path), audit_findings(path)) == ([], [])


@each_sample
def test_two_builds_give_the_same_bytes(sample: Path, tmp_path: Path) -> None:
    first, second = (build([sample], tmp_path / name)[0] for name in ("甲", "乙"))
    assert [path.name for path in first.files] == [NAMES[sample], "台账.json"]
    assert [path.read_bytes() for path in first.files] == [path.read_bytes() for path in second.files]
