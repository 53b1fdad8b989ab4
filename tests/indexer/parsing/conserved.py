"""The law of reading: the characters of a file's text are those of its passages, of the values that its report knows, and of what was left out.

What text is in a file is found here by other means than the product's.
"""

import io
import re
import unicodedata
import zipfile
from collections import Counter
from email import message_from_bytes
from html.parser import HTMLParser
from xml.etree import ElementTree

import pdfplumber

from indexer.loaders.encoding import decode
from indexer.outline import plain
from indexer.parsing.dates import find_dates
from indexer.parsing.labels import label_spans
from tests.support import ROOT

REASONS = {"furniture", "metadata", "signature", "imprint", "repeated", "hidden", "control", "outside"}
REASONS |= {"page-number", "running-head", "watermark", "turned", "note"}
CLOCK = re.compile(r"\d{1,2}[:：时]\d{2}分?(?:[:：]?\d{2}秒?)?")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class Page(HTMLParser):
    """All text of a page that is no program: a browser's, but for what only stands in for something."""

    UNSEEN = ("script", "style", "template", "head", "title", "iframe")
    INLINE = ("a", "abbr", "b", "em", "font", "i", "label", "o:p", "s", "small", "span", "strong", "sub", "sup", "u")

    def __init__(self, text):
        super().__init__()
        self.texts, self.unseen = [], 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.unseen += tag in self.UNSEEN
        if tag not in self.INLINE:
            self.texts.append("\n")

    def handle_endtag(self, tag):
        self.unseen -= tag in self.UNSEEN and self.unseen > 0
        if tag not in self.INLINE:
            self.texts.append("\n")

    def handle_data(self, data):
        if not self.unseen:
            self.texts.append(re.sub(r"[ \t\r\n]+", " ", data))


def lines_of(path):
    """The lines of a file's text; of an old Word file those that LibreOffice once printed, kept in tests/data/texts."""
    kept = ROOT / "tests" / "data" / "texts" / f"{path.name}.txt"
    if kept.exists():
        return [line for line in kept.read_text(encoding="utf-8").splitlines() if line.strip()]
    content = path.read_bytes()
    return [line for line in READERS[path.suffix.lower()](content).splitlines() if line.strip()]


def of_page(content):
    return "".join(Page(decode(content)[0]).texts)


def of_archive(content):
    parts = [part for part in message_from_bytes(content).walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    return "\n".join(of_page(part.get_payload(decode=True)) for part in parts)


def of_markdown(content):
    return re.sub(r"!?\[([^\]\n]*)\]\([^()\n]*\)", r"\1", decode(content)[0])


def of_word(content):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = [
            name for name in package.namelist() if re.fullmatch(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml", name)
        ]
        trees = [ElementTree.fromstring(package.read(name)) for name in names]
    return "\n".join(text_of(tree) for tree in trees)


def text_of(element):
    """The text below an element of a Word file; what stands there a second time, for old programs, is passed over."""
    if element.tag.endswith("}Fallback"):
        return ""
    ends = "\n" if element.tag == W + "p" else ""
    return ends + (element.text or "" if element.tag == W + "t" else "".join(map(text_of, element))) + ends


def of_pdf(content):
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        return "\n".join("".join(char["text"] for char in page.chars) for page in pdf.pages)


READERS = {
    ".txt": lambda content: decode(content)[0],
    ".md": of_markdown,
    ".html": of_page,
    ".htm": of_page,
    ".mhtml": of_archive,
    ".docx": of_word,
    ".pdf": of_pdf,
}


def characters(text):
    """What is counted: letters and digits, each in one width."""
    return Counter(char for char in unicodedata.normalize("NFKC", plain(text)) if char.isalnum())


def lost(lines, report):
    """The characters of a file's lines that the report does not account for.

    A value may be printed more than once and with its label, so that these are counted as often as the file prints them.
    """
    text = "\n".join(lines)
    accounted = Counter()
    for piece in (*report.passages, *report.left_out):
        accounted += characters(piece.text)
    missing = characters(text) - accounted
    if not missing:
        return missing
    for name in {report.title, report.issuer, report.source, report.editor, report.doc_number} - {None}:
        pattern = r"\s*".join(map(re.escape, "".join(plain(name).split())))
        for match in re.finditer(pattern, plain(text)):
            missing -= characters(match[0])
    for line in lines:
        dates = [(start, end) for start, end, day in find_dates(line) if day == report.published]
        for start, end in dates:
            missing -= characters(line[start:end] + "日")
        if dates:
            for clock in CLOCK.findall(line):
                missing -= characters(clock)
        if len(line) < 400:
            for start, end in label_spans(line):
                missing -= characters(line[start:end])
    return missing


def in_order(lines, report):
    """Whether what was left out stands in the order of the file."""
    text = "".join("".join(line.split()) for line in lines)
    end = 0
    for piece in report.left_out:
        wanted = "".join(piece.text.split())
        end = text.find(wanted, end)
        if end < 0:
            return False
        end += len(wanted)
    return True


def check(lines, report, *, ordered=True):
    """The law holds for a report, and each piece that was left out has its reason."""
    assert not lost(lines, report)
    assert not ordered or in_order(lines, report)
    assert {piece.reason for piece in report.left_out} <= REASONS
    assert all(piece.text == piece.text.strip() != "" for piece in report.left_out)
