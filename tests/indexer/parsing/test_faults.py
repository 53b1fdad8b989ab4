"""Files as sites and tools really make them, each standing for a kind of fault: tests/data/faults with what a careful reader gets from each.

Keys of `expected.json`, null or absent where nothing is asked: fields of the report as `reindex --json` names them (`issuer` and others may be
a list of which any is right); `section_headings`: these in order, others may stand between; `must_find`, `whole`: inside one passage;
`must_not_find`: in none; `order`: one behind the other; `rejected`: the file is refused, for a reason with one of these words in it;
`or_warned`: it may be read with a remark that there is no text in it; `or_find`: so may it if all of this is found.
"""

import json

import pytest

from indexer import RejectedFile, fold, parse_file
from tests.support import ROOT

FAULTS = ROOT / "tests" / "data" / "faults"
EXPECTED = json.loads((FAULTS / "expected.json").read_text(encoding="utf-8"))
SAME = str.maketrans("（），：；．。", "(),:;..")


def plain(text):
    return "".join((text or "").translate(SAME).split()).rstrip(".")


def of_section(section):
    number = plain(section["number"]).strip("()、.") if section["number"] else None
    return section["level"], number, plain(section["heading"])


def understood(report):
    return {
        "title": plain(report.title),
        "year": report.year,
        "published": report.published,
        "issuer": plain(report.issuer) or None,
        "level": report.level and report.level.value,
        "type": report.type.value,
        "region": report.region and report.region.code,
        "paragraphs": len(report.paragraphs),
        "items": len(report.items),
    }


def allowed(name, wanted):
    return [plain(value) if name in ("title", "issuer") else value for value in (wanted if isinstance(wanted, list) else [wanted])]


def check_texts(expected, report):
    folded = [fold(passage.text) for passage in report.passages]
    for text in (*expected.get("must_find", ()), *expected.get("whole", ())):
        assert any(fold(text) in passage for passage in folded), text
    for text in expected.get("must_not_find", ()):
        assert not any(fold(text) in passage for passage in folded), text
    end, joined = 0, "".join(folded)
    for text in expected.get("order", ()):
        end = joined.find(fold(text), end) + 1
        assert end, text


def check_sections(expected, report):
    have = [of_section({"level": s.level, "number": s.number, "heading": s.heading}) for s in report.sections]
    if expected.get("sections") is not None:
        assert have == [of_section(section) for section in expected["sections"]]
    rest = iter(have)
    for wanted in expected.get("section_headings", ()):
        wanted = {"heading": wanted} if isinstance(wanted, str) else wanted
        heading, number = plain(wanted["heading"]), plain(wanted["number"]).strip("()、.") if "number" in wanted else None
        assert any(section[2] == heading and number in (None, section[1]) for section in rest), wanted


def outcome(path):
    try:
        return parse_file(path)
    except RejectedFile as error:
        return error


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda expected: expected["file"])
def test_a_file_of_a_faulty_kind_is_read_as_a_careful_reader_does(expected):
    report = outcome(FAULTS / expected["file"])
    if isinstance(report, RejectedFile):
        wanted = expected.get("rejected")
        assert wanted, report.reason
        assert wanted is True or any(word in report.reason.lower() for word in wanted)
        return
    if expected.get("rejected"):
        found = expected.get("or_find")
        if not (found and all(any(fold(text) in fold(passage.text) for passage in report.passages) for text in found)):
            assert expected.get("or_warned")
            assert "text-missing" in [remark.code for remark in report.remarks]
    have = understood(report)
    for name, value in have.items():
        if expected.get(name) is not None:
            assert value in allowed(name, expected[name]), name
    if expected.get("issuer_must_be_null"):
        assert report.issuer is None
    check_sections(expected, report)
    check_texts(expected, report)
