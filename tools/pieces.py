"""What the shipped templates share: body text, headings, the department's own words, contents, page numbers."""

from __future__ import annotations

from tools import official
from tools.word import field, lines, page_number, paragraph, section, side_page_number

BODY = "OfficialBody"


def body(*texts: str) -> str:
    """Body paragraphs."""
    return lines(BODY, *texts)


def block(style: str, tag: str, *texts: str) -> str:
    """Paragraphs inside an ``if`` or a ``for``."""
    return lines(style, f"{{%p {tag} %}}", *texts, f"{{%p end{tag.split(maxsplit=1)[0]} %}}")


def draft_state(style: str = "CoverState") -> str:
    """（送审稿）below the title of all but the final version."""
    return block(style, 'if 稿次 != "定稿"', "（{{ 稿次 }}）")


def slot(name: str) -> str:
    """The department's own words."""
    return paragraph(BODY, slot_tag(name))


def slot_tag(name: str) -> str:
    """The tag whose place the prose takes."""
    return f"{{{{p 文稿.{name} }}}}" if name.isidentifier() else f'{{{{p 文稿["{name}"] }}}}'


def optional_slot(name: str) -> str:
    """The department's own words, if it wrote any."""
    return block(BODY, f"if 文稿.{name}", slot_tag(name))


def answers(code: str) -> str:
    """What the department answered to a check, in brackets behind the sentence that the check is about."""
    return f'{{% for b in 备注 if b.代码 == "{code}" %}}（{{{{ b.说明 }}}}）{{% endfor %}}'


def heading(level: int, text: str) -> str:
    """A heading with its number."""
    return paragraph(f"Heading{level}", text)


def contents(levels: int = 2) -> str:
    """The page with the table of contents; what it shows is filled in when a report is made."""
    shown = "目录（在此处按右键，选“更新域”）"
    toc = field(rf'TOC \o "1-{levels}" \h \z \u', shown)
    return paragraph("TOCHeading", "目录") + paragraph("TOC1", content=toc) + paragraph("SectionEnd", section=section())


def footers() -> list[str]:
    """Page numbers of upright pages, odd and even, and of pages laid on their side."""
    size, inside = (400, 2000), 280
    left = official.BOTTOM - 397 - size[0] // 2  # the dash 7 mm from the text, as at the foot of other pages
    low = official.SHORT_EDGE - official.RIGHT - inside - size[1]
    high = official.LEFT + inside
    return [
        page_number("FooterOdd"),
        page_number("FooterEven"),
        side_page_number("FooterSideOdd", (left, low), size, 1),
        side_page_number("FooterSideEven", (left, high), size, 2),
    ]
