"""How reports and passages are cited: after GB/T 7714-2025, and as BibTeX and RIS for reference managers.

GB/T 7714-2025 (published on 2025-12-02, in force since 2026-07-01, in place of GB/T 7714-2015). What it changes here: "." and "[ ]" are
half-width, all other marks of a reference full-width (section 7); the date of access is given only for what is read online.
For both see the announcement of the editors (https://news.whu.edu.cn/info/1015/489767.htm), 陈浩元, 编辑学报, 2026, 38(2): 150-158, and the
styles of zotero-chinese (issue 701) and CTeX. As before, an online report is [R/OL], other online texts are [EB/OL], followed by the date
of publication, the date of access and the address.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from indexer import Passage, Report, ReportType, passage_id
from indexer import gettext as _

_OTHER_KIND = str.maketrans("“”‘’", "‘’“”")


def cited_page(page: int | None, ocr: bool = False) -> str:
    """The part of a citation with the page that a passage begins on (第3页) and whether OCR read it; empty if neither is to be said."""
    return (_("第%(page)s页", page=page) if page is not None else "") + (_("（由扫描件识别，文字可能有误）") if ocr else "")


def page_of(report: Report, passage: Passage | None) -> str:
    """The `cited_page` of a passage, or of the whole report if it is None."""
    return cited_page(passage.page, passage.ocr) if passage else cited_page(None, report.ocr is not None)


def cite(report: Report, today: date, url: str, page: str = "") -> str:
    """The citation, ready to paste; what is not known is left out.

    Args:
        report: The cited report, or the one of the cited passage.
        today: The day of access.
        url: Its address on this site, empty if the site has no public one; used if the report has no `source_url`.
        page: See `cited_page`; placed before the date of publication, as the standard has it.
    """
    who = f"{report.issuer}. " if report.issuer else ""
    published = f"（{report.published}）" if report.published else ""
    address = report.source_url or url
    kind = "R" if report.type is ReportType.REPORT else "EB"
    if not address:
        where = f"{page}{published}"
        return f"{who}{report.title}[{kind}].{where and ' '}{where}{where and '.'}"
    return f"{who}{report.title}[{kind}/OL]. {page}{published}[{today.isoformat()}]. {address}."


def quote(text: str) -> str:
    """A text in quotation marks; those inside it become the other kind (GB/T 15834-2011, 4.8.3.4), apostrophes stay."""
    turned = re.sub("([A-Za-z]’[A-Za-z])|[“”‘’]", lambda mark: mark[0] if mark[1] else mark[0].translate(_OTHER_KIND), text)
    return f"“{turned.strip()}”"


_BIBTEX = {char: f"\\{char}" for char in "{}&$%#_"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def bibtex(report: Report, passage: Passage | None, today: date, url: str) -> str:
    """A BibTeX entry: techreport, or misc for other types; a passage's text is its note."""
    kind = "techreport" if report.type is ReportType.REPORT else "misc"
    fields = dict(_described(report, passage, url))
    who = _bibtex(fields.get("who", ""))
    named = {
        # The second braces mark a corporate author: it is not split into names.
        "author": who and f"{{{who}}}",
        "institution" if kind == "techreport" else "organization": who,
        "title": _bibtex(fields["title"]),
        "year": fields.get("published", "")[:4],
        "date": fields.get("published"),
        "pages": fields.get("page"),
        "annote": _bibtex(fields.get("quoted", "")),
        "language": "chinese",
        "url": _plain_address(fields.get("url", "")),
        "urldate": today.isoformat() if "url" in fields else None,
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in named.items() if value)
    return f"@{kind}{{{_key(report, passage)},\n{lines}\n}}\n"


def ris(report: Report, passage: Passage | None, today: date, url: str) -> str:
    """A RIS record: RPRT, or ELEC for other types; a passage's text is its note."""
    fields = dict(_described(report, passage, url))
    published = fields.get("published", "")
    records = [
        ("TY", "RPRT" if report.type is ReportType.REPORT else "ELEC"),
        ("ID", _key(report, passage)),
        # A comma would separate a family name from a given name.
        ("AU", fields.get("who", "").replace(",", "，")),
        ("TI", fields["title"]),
        ("PB", fields.get("who")),
        ("PY", published[:4]),
        ("DA", published.replace("-", "/")),
        ("SP", fields.get("page")),
        ("N1", fields.get("quoted")),
        ("LA", "zh"),
        ("UR", fields.get("url")),
        ("Y2", today.isoformat().replace("-", "/") if "url" in fields else None),
    ]
    lines = [f"{tag}  - {_one_line(value)}" for tag, value in records if value]
    return "\r\n".join([*lines, "ER  - ", ""])


FORMATS: Mapping[str, tuple[str, Callable[[Report, Passage | None, date, str], str]]] = {
    "bib": ("application/x-bibtex; charset=utf-8", bibtex),
    "ris": ("application/x-research-info-systems; charset=utf-8", ris),
}
"""By file name extension: the media type, and the function that writes the citation."""


def _described(report: Report, passage: Passage | None, url: str) -> Iterator[tuple[str, str]]:
    """The known fields of a source, as name and value."""
    yield "title", _one_line(report.title)
    if report.issuer:
        yield "who", _one_line(report.issuer)
    if report.published:
        yield "published", str(report.published)
    if report.source_url or url:
        yield "url", report.source_url or url
    if passage is not None and passage.page is not None:
        yield "page", str(passage.page)
    if passage is not None and passage.anchor != "t":
        yield "quoted", _one_line(quote(passage.text))


def _key(report: Report, passage: Passage | None) -> str:
    """A key of ASCII letters, digits and hyphens: `~` and `.` of the id become hyphens, other characters `u` and their code point."""
    id = passage_id(report.id, passage.anchor) if passage is not None and passage.anchor != "t" else report.id
    return "fazhi-" + re.sub(r"[^A-Za-z0-9-]", lambda char: "-" if char[0] in "~." else f"u{ord(char[0]):x}", id)


def _bibtex(text: str) -> str:
    return "".join(_BIBTEX.get(char, char) for char in text)


def _plain_address(url: str) -> str:
    """An address for BibTeX, which reads it verbatim: only what would end its group is percent-encoded."""
    return url.replace("\\", "%5C").replace("{", "%7B").replace("}", "%7D")


def _one_line(text: str) -> str:
    return " ".join(text.split())
