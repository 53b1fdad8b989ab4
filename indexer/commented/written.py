"""Makes a .docx of a report as it was read, for drafts in other formats."""

from __future__ import annotations

import io
import zipfile

from indexer.commented.insertion import UNDATED, XML_HEAD, escaped
from indexer.model import Kind, Passage, Report

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = (
    f'{XML_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>'
)
_RELATIONS = (
    f'{XML_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="main" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
)
_LOOKS = {
    Kind.TITLE: ('<w:jc w:val="center"/><w:outlineLvl w:val="0"/>', '<w:b/><w:sz w:val="36"/>'),
    Kind.HEADING: ('<w:outlineLvl w:val="{level}"/>', '<w:b/><w:sz w:val="28"/>'),
    Kind.PARAGRAPH: ('<w:ind w:firstLineChars="200"/>', '<w:sz w:val="28"/>'),
}
"""Paragraph and character formatting by kind of passage; sizes are in half points."""
_DEEPEST = 8


def written(report: Report) -> bytes:
    """A .docx with a paragraph for each passage."""
    body = "".join(_paragraph(passage) for passage in report.passages)
    document = f'{XML_HEAD}<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in (("[Content_Types].xml", _TYPES), ("_rels/.rels", _RELATIONS), ("word/document.xml", document)):
            packed.writestr(zipfile.ZipInfo(name, UNDATED), part, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _paragraph(passage: Passage) -> str:
    paragraph, characters = _LOOKS[passage.kind]
    looks = paragraph.format(level=min(len(passage.section), _DEEPEST))
    lines = '</w:t><w:br/><w:t xml:space="preserve">'.join(escaped(line) for line in passage.text.split("\n"))
    return f'<w:p><w:pPr>{looks}</w:pPr><w:r><w:rPr>{characters}</w:rPr><w:t xml:space="preserve">{lines}</w:t></w:r></w:p>'
