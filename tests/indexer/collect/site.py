"""A small site of this machine's own, a clock that only goes on while somebody sleeps, and what is collected from the one by the other."""

import io

from docx import Document

from indexer.collect.collecting import Collector
from indexer.collect.fetching import Fetcher, Manners
from indexer.corrections import read_corrections

PARAGRAPHS = ["一、主要举措和成效", "全年审查文件78件，培训15期，办理行政复议案件36件。", "二、存在的不足", "执法力量不足，培训不够。"]


TITLE = "彰武县2022年法治政府建设情况报告"


def page(title=TITLE, paragraphs=PARAGRAPHS, more=""):
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return f"<html><head><meta charset='utf-8'><title>{title}</title></head><body><h1>{title}</h1>{body}{more}</body></html>".encode()


def word(title=TITLE, paragraphs=PARAGRAPHS):
    made = Document()
    for text in (title, *paragraphs):
        made.add_paragraph(text)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


class Site:
    """Replies by path: status, headers, body, or a list of those of which the last is given for ever; and what was asked."""

    def __init__(self):
        self.replies = {"/robots.txt": (404, {}, b"")}
        self.asked = []

    def next(self, path):
        reply = self.replies.get(path, (404, {}, b"nothing"))
        return (reply.pop(0) if len(reply) > 1 else reply[0]) if isinstance(reply, list) else reply

    @property
    def paths(self):
        return [path for path, _ in self.asked]


class Time:
    """A clock that goes on only while somebody sleeps."""

    def __init__(self):
        self.now, self.slept = 1000.0, []

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds

    def clock(self):
        return self.now


def fetcher(clock, **manners):
    return Fetcher(Manners(**{"private": True} | manners), clock.sleep, clock.clock)


def collect(corpus, clock, *wanted, attachments=True, **manners):
    return list(Collector(corpus, fetcher(clock, **manners), attachments=attachments).collect(wanted))


def files(corpus):
    found = (path.relative_to(corpus).as_posix() for path in corpus.rglob("*") if path.is_file())
    return sorted(path for path in found if not path.startswith(".adding/"))


def corrections(corpus, folder):
    table = corpus / folder / "corrections.csv"
    return {(one.path, one.field): one.value for one in read_corrections(table)} if table.exists() else {}
