"""A field that is declared is filtered and counted by every engine, one with several values a passage too."""

import random
import re
from collections import Counter
from dataclasses import replace

import pytest

from indexer import InvalidRequest, Level, Report, SearchRequest, fold
from indexer.declared import Field
from indexer.fields import FIELDS, FILTERS, as_json
from indexer.model import Passage, ReportType
from indexer.records import passage_record, read_report, read_whole, report_record, whole_record
from indexer.units import unit_of
from tests.support import one_report

NAMES = ["条例", "规划", "办法", "規劃", "Ａ法", "a法"]


def names_in(text):
    return tuple(re.findall("《(.+?)》", text)) or (None,)


@pytest.fixture
def names(monkeypatch):
    """A field of passages for this test only: the names in 《》, any number of them."""
    field = Field(name="names", attribute="text", plural="names", of_passages=True, may_be_unknown=True, values=names_in)
    monkeypatch.setitem(FILTERS, "names", field)
    return field


def reports_with_names(chance):
    def text():
        return "依据" + "、".join(f"《{name}》" for name in chance.choices(NAMES, k=chance.randint(0, 4)))

    for number in range(40):
        blocks = [((), f"{text()}。{number}") for _ in range(chance.randint(1, 5))]
        yield Report.from_blocks(id=f"r{number}", title=text(), year=chance.choice([None, 2020, 2021]), blocks=blocks)


def holds(passage, wanted):
    return not wanted or bool({value and fold(value) for value in names_in(passage.text)} & {value and fold(value) for value in wanted})


def test_several_values_a_passage_are_filtered_and_counted(make_index, names):
    chance = random.Random(5)
    reports = list(reports_with_names(chance))
    index = make_index(reports)
    passages = [(report, passage) for report in reports for passage in report.passages]
    for _ in range(40):
        wanted = chance.sample([None, *NAMES], k=chance.randint(0, 3))
        years = chance.sample([None, 2020, 2021], k=chance.randint(0, 2))
        query = chance.choice(["", "《条例》", "依据"])
        if not (wanted or years or query):
            continue
        matching = [(r, p) for r, p in passages if fold(query) in fold(p.text)]
        of_years = [(r, p) for r, p in matching if not years or r.year in years]
        page = index.search(query, mode="literal", names=wanted, years=years, facets=("names", "year"), per_page=100)
        assert page.total.paragraphs == sum(holds(p, wanted) for _, p in of_years)
        assert page.total.reports == len({r.id for r, p in of_years if holds(p, wanted)})
        right = Counter(name for _, p in of_years for name in set(names_in(p.text)))
        assert {count.value: count.count for count in page.facets["names"]} == right
        assert {count.value: count.count for count in page.facets["year"]} == Counter(r.year for r, p in matching if holds(p, wanted))
        listed = index.list_reports(page.request)
        assert listed.total == page.total.reports


def test_levels_are_filtered_and_counted(make_index):
    levels = [Level.COUNTY, Level.COUNTY, Level.DEPARTMENT, None]
    reports = [replace(one_report("法治", id=f"r{number}", year=2022), level=level) for number, level in enumerate(levels)]
    index = make_index(reports)
    page = index.search("法治", levels=["县", None], facets=("level", "year"), kinds=["paragraph"])
    assert sorted(hit.report.id for hit in page.hits) == ["r0", "r1", "r3"]
    assert [(count.value, count.count) for count in page.facets["level"]] == [("县", 2), ("部门", 1), (None, 1)]
    assert index.search(levels=["部门"]).total.reports == 1
    with pytest.raises(InvalidRequest, match="镇"):
        index.search("法治", levels=["镇"])


def test_units_are_filtered_and_counted(make_index):
    issuers = ["阜新蒙古族自治县", "阜蒙县人民政府", "阜蒙县司法局", "青石县", "中共青石县委", None]
    index = make_index([replace(one_report("法治", id=f"r{n}", year=2022), **_issued(issuer)) for n, issuer in enumerate(issuers)])
    page = index.search("法治", units=["210921", None], facets=("unit",), kinds=["paragraph"])
    assert sorted(hit.report.id for hit in page.hits) == ["r0", "r1", "r5"]
    # Where the id tells no name, a report does.
    hashed = unit_of("青石县").id
    assert [(count.value, count.count, count.label) for count in page.facets["unit"]] == [
        ("210921", 2, "阜新蒙古族自治县人民政府"),
        (hashed, 2, "青石县人民政府"),
        ("210921-司法局", 1, "阜新蒙古族自治县司法局"),
        (None, 1, None),
    ]
    assert index.search(units=["阜新蒙古族自治县人民政府"]).total.reports == 2
    assert index.search(units=[hashed]).total.reports == 2


def _issued(issuer):
    return {"issuer": issuer, "unit": unit_of(issuer)}


def test_every_attribute_of_a_report_but_its_text_is_a_field():
    assert set(Report.__dataclass_fields__) - {"passages", "sections"} == {name for name, field in FIELDS.items() if not field.of_passages}
    assert {field.attribute for field in FIELDS.values() if field.of_passages} < set(Passage.__dataclass_fields__)
    plurals = [field.plural for field in FILTERS.values()]
    assert len(set(plurals)) == len(plurals)
    assert not set(plurals) & set(SearchRequest.__dataclass_fields__)


def test_records_give_back_the_same_report(odd):
    assert read_whole(whole_record(odd)) == odd
    assert read_report(report_record(odd), odd.passages) == odd
    assert all(passage_record(passage)["text"] == passage.text for passage in odd.passages)


@pytest.fixture
def odd():
    blocks = [(("一、成效", "(一)执法"), "一是甲。二是乙"), ((), "开头")]
    return Report.from_blocks(title="甲", year=2022, region="999999", issuer="某县", published="2023-01-31", blocks=blocks)


def test_a_field_is_printed_as_plain_values(odd):
    assert as_json(ReportType.NEWS) == "news"
    assert as_json(odd.remarks) == [odd.remarks[0].as_json()]
    place = Report.from_blocks(title="甲", region="210921", blocks=[]).region
    assert as_json(place)["path"] == ["辽宁省", "阜新市", "阜新蒙古族自治县"]
