"""What the shipped templates share: body text, headings, the department's own words, contents, page numbers."""

from __future__ import annotations

from tools import official
from tools.word import BREAK, cell, field, lines, page_number, paragraph, runs, section, side_page_number

BODY = "OfficialBody"
UPRIGHT, SIDEWAYS = ("footer1", "footer2"), ("footer3", "footer4")  # what footers() makes, odd and even


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


def own_words(level: int, title: str, name: str) -> str:
    """A heading with the department's own words below it."""
    return heading(level, title) + slot(name)


def last_words(level: int, title: str, name: str) -> str:
    """The same where only the note on the attachment follows, which must not stand on a page alone."""
    return heading(level, title) + paragraph(BODY, slot_tag(name), section="<w:keepNext/>")


def optional_slot(name: str) -> str:
    """The department's own words, if it wrote any."""
    return block(BODY, f"if 文稿.{name}", slot_tag(name))


def answers(code: str) -> str:
    """What the department answered to a check, in brackets behind the sentence that the check is about."""
    return f'{{% for b in 备注 if b.代码 == "{code}" %}}（{{{{ b.说明 }}}}）{{% endfor %}}'


def told_if(denominator: str, figure: str, clause: str, otherwise: str = "") -> str:
    """``figure`` and behind it the ``clause`` with its rate; where the ``denominator`` is 0 there is none to be told.

    The figure stands in both branches: a statement behind it would cut a run in two.
    """
    return f"{{% if {denominator} %}}{figure}{clause}{{% else %}}{figure}{otherwise}{{% endif %}}"


def heading(level: int, text: str) -> str:
    """A heading with its number."""
    return paragraph(f"Heading{level}", text)


def captioned(label: str, name: str, title: str, table: str, unit: str = "") -> str:
    """A table under its number and title; ``name`` is what 见 calls it, ``unit`` a line above it on the right."""
    above = paragraph("TableTitle", f'{{{{ 题注("{label}", "{name}") }}}}　{title}')
    return above + (paragraph("TableUnit", unit) if unit else "") + table + paragraph("TableAfter")


def attachment_head(style: str, label: str, title: str) -> str:
    """附件 and what it is, in one paragraph, so that the contents name both."""
    return paragraph(style, content=runs(label, "AttachmentMark") + 2 * BREAK + runs("\t" + title))


def losses(width: int, none: str) -> str:
    """The cell for what an indicator lost, why and what is done about it; ``none`` where nothing was lost."""
    told = ("{{ r.说明 }}", "原因：{{ r.原因 }}", "整改措施：{{ r.措施 }}")
    return cell(width, lines("ScoreText", "{%p if r.扣分 %}", *told, "{%p else %}", none, "{%p endif %}"))


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
