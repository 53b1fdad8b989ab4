"""The law of reading: the characters of a file's text are those of its passages, of the values that its report knows, and of what was left out."""

import re
import unicodedata
from collections import Counter

from indexer.outline import plain
from indexer.parsing.dates import find_dates
from indexer.parsing.labels import label_spans

CLOCK = re.compile(r"\d{1,2}[:：时]\d{2}(?:分?[:：]?\d{2})?")


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
    text = "\n".join(lines)
    end = 0
    for piece in report.left_out:
        end = text.find(piece.text, end)
        if end < 0:
            return False
        end += len(piece.text)
    return True
