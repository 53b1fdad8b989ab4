"""The tools: the calls of the JSON API, cut to what an assistant can read at once, each text with its id, address and citation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from json import loads
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from werkzeug.datastructures import MultiDict

from indexer import InvalidRequest, NotFound, Passage, Problem, Report, passage_id
from webui.citation import cite, page_of
from webui.links import passage_url
from webui.live import current_index
from webui.mcp.protocol import Json, Tool, ToolFailed
from webui.params import read_request
from webui.replies import also_shape

LONGEST_TEXT = 2_000
"""Code points of a passage in a list; the tool `read` gives all of it."""
LONGEST_READ = 12_000
"""Code points of the passages of one answer to `read` or `compare`."""
AROUND = 200
"""Code points on either side of a quotation that are shown of a long passage."""
LONGEST_ADDRESS = 1 << 13
"""Bytes of an address with the arguments, which a reply repeats in its links: as many as most servers and proxies accept."""
MOST_HITS = 50
NEIGHBOURS = 2

INSTRUCTIONS = """中国各级政府法治政府建设年度报告的全文检索。
Exact full-text search over China's annual reports on building government under the rule of law.
Search is literal: the text contains what is typed character by character; words separated by spaces must all occur;
"…" keeps spaces; OR, -word and A NEAR/10 B work.
引用原文前请用 verify 核对，引用时附上 citation。
Quote only what a tool returned, with its citation; check quotations with verify.
“未收录”（null）不等于“未提及”（0）：没有收到的报告，什么也说明不了。
"Not held" (null) is not "not mentioned" (0): a report that is not held says nothing.
也见于其他单位报告的句子，also 说明有多少个单位、多少份报告；不要当作一地独有的做法。
`also` says how many other units have the matching sentence in their reports, ignoring figures: it is not specific to one place.
Answers say when they are cut and how to continue (page, or from)."""
_ABOUT = {
    "search": (
        "检索各地报告的段落，给出原文、出处和引文。凡是问报告怎么说，先用它。查不到只说明已收录的报告没有写。",
        "Find passages in the reports that contain the words, verbatim, with unit, year, section, address and citation; totals are exact.",
        "Use it first for any question about what reports say. Nothing found means that no held report says it, not that nobody did.",
    ),
    "read": (
        "读一份报告、一个部分，或一段及其前后文。",
        "Read a report (its id), a section (<report>~1.2), or a passage with its neighbours (<report>~1.2.p3), by ids that tools give.",
    ),
    "verify": (
        "核对引文：文字中引号里的每句话是否真在报告里。给出引文之前用它。absent 只说明已收录的报告里没有。",
        "Check quotations before you give them: each is exact (with its places), near (with the differences), absent (from the reports",
        "that are held), or unchecked (too short to tell).",
    ),
    "years": (
        "各年度提及的报告份数和已收录份数，看趋势和起始年份。",
        "How many annual reports of each year mention the query, of how many held: for trends and first mentions. A year with few reports",
        "held says little.",
    ),
    "matrix": (
        "单位×年度：谁在哪年提及，谁从未提及。",
        "Units by year with the number of passages that mention the query: 0 is held but silent, null is not held.",
        "For who never mentions it (mention=no) and who was first (sort=first).",
    ),
    "words": (
        "一个年度、地区、级别的报告里哪些词特别多或特别少，或者检索词附近常出现哪些词。",
        "Words that distinguish what matches (a year, a place, a level, a query) from all other reports, or, with of=neighbours, those",
        "within 10 characters of the query. Frequencies only: search for a word before you say how it is used.",
    ),
    "statistics": (
        "报告中的数据（件数、比率等），每个都附原句。",
        "Figures that reports state, each with its sentence: by indicator (行政复议受理案件 …; without figures: all names)",
        "or by label; narrow by unit, region, year. A unit without a figure may have given it in a report that is not held.",
    ),
    "units": (
        "收录了哪些单位、哪些年度，缺哪些年度。",
        "Which units are held, by name or place, with the state of each year (held, missing, not_due, before, ended).",
    ),
    "compare": (
        "两份报告逐段对照。",
        "Two reports (ids) paragraph by paragraph: what was changed, removed and added, with figures that differ.",
        "Equal paragraphs are only counted.",
    ),
}
"""What each tool gives and when to use it, for assistants, in Chinese and English."""

_TEXT: Json = {"type": "string"}
_NUMBER: Json = {"type": "integer", "minimum": 1}
_FILTERS: dict[str, Json] = {
    "year": {"type": "array", "items": {"type": "integer"}, "description": "报告年度 reported years"},
    "region": {**_TEXT, "description": "地区名称或六位代码，含下级 a place or its code, with all below it: 阜新市, 210900"},
    "unit": {**_TEXT, "description": "单位编号或全称 a unit's id (see units) or its full name"},
    "level": {"enum": ["省", "市", "县", "乡镇", "街道", "部门"], "description": "单位级别 level of the unit"},
    "section": {**_TEXT, "description": "标准部分 standard part: 存在的不足, 下一步安排, 行政执法, 复议应诉 …"},
    "page": {**_NUMBER, "description": "从 1 起 from 1"},
}
_QUERY: Json = {**_TEXT, "description": "检索式 the query, at most 200 characters"}
_MODE: Json = {
    "enum": ["exact", "all", "any"],
    "description": "exact: 逐字 as typed (default); all, any: 句中全部或任一词 all or any words of a sentence, best first",
}


_NOVELTY: Json = {
    "enum": ["all", "own"],
    "description": "own: 略去公文常用表述 leaves out passages whose matching sentence occurs in reports of at least 5 units",
}
_ID: Json = {**_TEXT, "description": "编号 an id"}
_FROM: Json = {**_TEXT, "description": "续读处 the anchor to continue from, as given in `next`"}
_ROW: Json = {**_NUMBER, "description": "续读处 the row to continue from, as given in `next`"}
_NAME: Json = {**_TEXT, "description": "名称中的字 words of the name"}
_TYPED: Json = {**_TEXT, "description": "不超过 20000 字 at most 20,000 characters: quotations in “”, or else each sentence"}


def tools(app: Flask, root: str | None) -> list[Tool]:
    """All tools, over the index of an application.

    Args:
        app: The application with the pages' blueprints, whose JSON API the tools call.
        root: What addresses begin with; None if it is not known, so that they are paths.
    """
    return list(_Tools(app, root).all())


class _Tools:
    def __init__(self, app: Flask, root: str | None) -> None:
        self._app, self._root = app, root

    def all(self) -> Iterator[Tool]:
        """Every tool, the one to begin with first."""
        some, no_page = ("region", "level", "page"), _without(_FILTERS, "page")
        sorts = {"sort": {"enum": ["relevance", "-year", "year", "region"]}, "novelty": _NOVELTY}
        yield self._tool("search", {"query": _QUERY, "mode": _MODE, **_FILTERS, **sorts}, ["query"], self._within(self.search))
        yield self._tool("read", {"id": _ID, "from": _FROM}, ["id"], self._within(self.read))
        yield self._tool("verify", {"text": _TYPED}, ["text"], self._verify)
        years = {"query": _QUERY, "mode": _MODE, **_without(no_page, "year")}
        yield self._tool("years", years, ["query"], lambda asked: self._api("GET", "/years", asked))
        orders = {"sort": {"enum": ["region", "first", "most"]}, "mention": {"enum": ["no"]}}
        matrix = {"query": _QUERY, **_FILTERS, **orders}
        yield self._tool("matrix", matrix, ["query"], lambda asked: _paged(self._api("GET", "/matrix", {"per_page": MOST_HITS, **asked})))
        kinds: dict[str, Json] = {"of": {"enum": ["subset", "neighbours"]}, "side": {"enum": ["more", "less"]}}
        words = {"query": _QUERY, "mode": _MODE, **_FILTERS, **kinds, "sort": {"enum": ["likelihood", "ratio"]}}
        yield self._tool("words", words, [], lambda asked: _paged(self._api("GET", "/words", {"per_page": MOST_HITS, **asked})))
        figures = {"indicator": _TEXT, "label": _TEXT, **_without(_FILTERS, "section")}
        yield self._tool("statistics", figures, [], self._statistics)
        units = {"query": _NAME, **{name: _FILTERS[name] for name in some}}
        yield self._tool("units", units, [], lambda asked: _paged(self._api("GET", "/units", asked)))
        yield self._tool("compare", {"left": _ID, "right": _ID, "from": _ROW}, ["left", "right"], self._compare)

    def _tool(self, name: str, properties: dict[str, Json], required: list[str], call: Callable[[Json], Json]) -> Tool:
        return Tool(name, "\n".join(_ABOUT[name]), properties, required, call)

    def _within(self, call: Callable[[Json], Json]) -> Callable[[Json], Json]:
        """The call within a request context, from which it takes the index and the language."""

        def called(arguments: Json) -> Json:
            with self._app.test_request_context("/mcp", base_url=self._root):
                return call(arguments)

        return called

    def search(self, arguments: Json) -> Json:
        """Passages that match."""
        wanted = read_request(_as_arguments({"per_page": 10, **arguments}))
        page = current_index().run(wanted)
        found = [
            {
                **self._passage(hit.report, hit.passage),
                "matches": hit.matches,
                "also": also_shape(hit.also) if hit.also else None,
                "report": _brief(hit.report),
            }
            for hit in page.hits
        ]
        total = page.total
        reply: Json = {
            "total": {"passages": total.paragraphs, "reports": total.reports, "occurrences": total.occurrences},
            "page": wanted.page,
            "pages": page.pages,
            "hits": found,
        }
        return _paged(reply)

    def read(self, arguments: Json) -> Json:
        """A report from a passage on, a section, or a passage with its neighbours."""
        id, at = str(arguments["id"]), str(arguments.get("from", ""))
        report_id, _, anchor = id.partition("~")
        report = current_index().report(report_id)
        passages = list(report.passages)
        if anchor:
            passages = _below(passages, anchor) or _around(passages, anchor)
            if not passages:
                raise NotFound(id)
        start = next((number for number, passage in enumerate(passages) if passage.anchor == at), None) if at else 0
        if start is None:
            raise InvalidRequest(Problem("from", "not-found", id=at))
        shown: list[Passage] = []
        length = 0
        for passage in passages[start:]:
            if shown and length + len(passage.text) > LONGEST_READ:
                break
            shown.append(passage)
            length += len(passage.text)
        reply: Json = {
            "report": {**_brief(report), "address": self._address(report, "t"), "citation": self._cited(report, None)},
            "contents": [f"{section.anchor} {section.text}" for section in report.sections] if not anchor else None,
            "passages": [self._passage(report, passage, whole=True) for passage in shown],
        }
        if (end := start + len(shown)) < len(passages):
            reply["next"] = passages[end].anchor
            reply["cut"] = f"{len(passages) - end} passages are left: ask again with the same id and from={passages[end].anchor}"
        return reply

    def _verify(self, arguments: Json) -> Json:
        found = self._api("POST", "/verify", json={"text": str(arguments["text"])})
        for place in (place for piece in found["pieces"] for place in piece["places"]):
            text, start, end = place["text"], place["start"], place["end"]
            if len(text) > LONGEST_TEXT:
                first, last = max(0, start - AROUND), min(len(text), end + AROUND)
                place["text"] = text[first:last]
                place["cut"] = (
                    f"characters {first} to {last} of {len(text)}, which start, end and held count: read {place['passage']} for all"
                )
        return found

    def _statistics(self, arguments: Json) -> Json:
        found = _paged(self._api("GET", "/statistics", arguments))
        if "indicator" in arguments and not found["total"]:
            found["indicators"] = [one["name"] for one in self._api("GET", "/indicators")["indicators"]]
        return found

    def _compare(self, arguments: Json) -> Json:
        found = self._api("GET", "/compare", {side: arguments[side] for side in ("left", "right")})
        differing = [row for row in found["rows"] if row["relation"] != "equal"]
        start = arguments.get("from", 1)
        if not isinstance(start, int) or not 1 <= start <= max(1, len(differing)):
            raise InvalidRequest(Problem("from", "not-found", id=str(start)))
        shown: list[Json] = []
        length = 0
        for row in differing[start - 1 :]:
            length += sum(len(row[side]["text"]) for side in ("left", "right") if row[side])
            if shown and length > LONGEST_READ:
                break
            shown.append(row)
        reply = {**found, "rows": shown, "equal": len(found["rows"]) - len(differing), "differing": len(differing)}
        if (end := start + len(shown)) <= len(differing):
            reply["next"] = end
            reply["cut"] = f"rows {start} to {end - 1} of {len(differing)} that differ: ask again with the same reports and from={end}"
        return reply

    def _passage(self, report: Report, passage: Passage, *, whole: bool = False) -> Json:
        text = passage.text if whole or len(passage.text) <= LONGEST_TEXT else passage.text[:LONGEST_TEXT]
        shown: Json = {
            "id": passage_id(report.id, passage.anchor),
            "kind": passage.kind.value,
            "section": [section.text for section in passage.section],
            "text": text,
            "address": self._address(report, passage.anchor),
            "citation": self._cited(report, passage),
        }
        if text is not passage.text:
            shown["cut"] = f"the first {LONGEST_TEXT} of {len(passage.text)} characters: read {shown['id']} for all"
        return shown

    def _address(self, report: Report, anchor: str) -> str:
        return (self._root or "") + passage_url(report.id, anchor)

    def _cited(self, report: Report, passage: Passage | None) -> str:
        address = self._address(report, passage.anchor if passage else "t") if self._root else ""
        return cite(report, date.today(), address, page_of(report, passage))

    def _api(self, method: str, path: str, arguments: Json | None = None, json: Any = None) -> Json:
        """The reply of the JSON API.

        Raises:
            ToolFailed: Something is wrong with the arguments, or there is no index.
        """
        address = f"/api/v1{path}?{urlencode(_pairs(arguments or {}))}"
        if len(address) > LONGEST_ADDRESS:
            raise ToolFailed(f"the arguments take {len(address)} bytes of an address, at most {LONGEST_ADDRESS} are read: ask for less")
        reply = self._app.test_client().open(address, method=method, json=json, base_url=self._root)
        found: Json = loads(reply.data)
        if reply.status_code != 200:
            wrong = "; ".join(f"{one['param']}: {one['detail']}" for one in found.get("errors", ()))
            raise ToolFailed(wrong or str(found.get("detail")))
        return found


def _paged(reply: Json) -> Json:
    """The reply; if more pages follow, its `cut` says how to ask for them."""
    page, pages = reply["page"], reply["pages"]
    if page < pages:
        return {**reply, "cut": f"page {page} of {pages}: ask again with page={page + 1}, or narrow by year, region, unit or level"}
    return reply


_NAMES = {"query": "q"}
"""Arguments that have another name in the API."""


def _pairs(arguments: Json) -> list[tuple[str, str]]:
    """The arguments as names and values of a query string."""
    several = ((name, value if isinstance(value, list) else [value]) for name, value in arguments.items())
    return [(_NAMES.get(name, name), str(one)) for name, values in several for one in values]


def _as_arguments(arguments: Json) -> MultiDict[str, str]:
    return MultiDict(_pairs(arguments))


def _without(properties: dict[str, Json], *names: str) -> dict[str, Json]:
    return {name: schema for name, schema in properties.items() if name not in names}


def _brief(report: Report) -> Json:
    unit = report.unit
    return {
        "id": report.id,
        "title": report.title,
        "year": report.year,
        "unit": {"id": unit.id, "name": unit.name} if unit else None,
        "published": report.published,
        "type": report.type.value,
    }


def _below(passages: list[Passage], anchor: str) -> list[Passage]:
    """The passages of the section with this anchor."""
    return [passage for passage in passages if any(section.anchor == anchor for section in passage.section)]


def _around(passages: list[Passage], anchor: str) -> list[Passage]:
    """The passage with this anchor, and those beside it."""
    at = next((number for number, passage in enumerate(passages) if passage.anchor == anchor), None)
    return [] if at is None else passages[max(0, at - NEIGHBOURS) : at + NEIGHBOURS + 1]
