"""The catalogue of texts is what the code and the templates say, and says it in Chinese."""

import ast
import re
import shutil

import pytest

from indexer import (
    FILTERS,
    REMARK_KINDS,
    STANDARD_PARTS,
    Context,
    InvalidRequest,
    Kind,
    Level,
    Mode,
    Problem,
    Remark,
    ReportType,
    Sort,
    name_of,
)
from indexer.fields import FIELDS
from indexer.problems import TEXTS, QueryProblem
from indexer.texts import CHINESE, DOMAIN, ENGLISH, LOCALES, counted, gettext, speaking
from indexer.texts.names import NAMES
from tests.support import ROOT

CATALOGUES = sorted(path.relative_to(LOCALES) for path in LOCALES.glob("*/*/*.po"))


def entries(path):
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        return {(message.id, message.context): message.string for message in read_po(file) if message.id}


@pytest.fixture(scope="module")
def brought_up_to_date(tmp_path_factory):
    """A copy of the catalogues after `make texts`."""
    from indexer.texts.update import update, written

    copy = tmp_path_factory.mktemp("texts") / "locale"
    shutil.copytree(LOCALES, copy)
    update(written(), copy)
    return copy


@pytest.mark.parametrize("name", CATALOGUES, ids=str)
def test_a_catalogue_holds_what_is_written_and_nothing_else(brought_up_to_date, name):
    assert entries(LOCALES / name) == entries(brought_up_to_date / name), "run `make texts`"


@pytest.mark.parametrize("name", CATALOGUES, ids=str)
def test_the_compiled_catalogue_is_what_its_source_gives(brought_up_to_date, name):
    from babel.messages.mofile import read_mo

    def compiled(folder):
        with (folder / name).with_suffix(".mo").open("rb") as file:
            return {(str(message.id), message.context): message.string for message in read_mo(file) if message.id}

    assert compiled(LOCALES) == compiled(brought_up_to_date), "run `make texts`"
    assert compiled(LOCALES)


@pytest.mark.parametrize("name", CATALOGUES, ids=str)
def test_texts_keep_the_parameters_of_what_they_translate(name):
    def parameters(text):
        return set(re.findall(r"%\(\w+\)[sd]", "".join(text if isinstance(text, tuple) else [text])))

    assert [id for (id, _), text in entries(LOCALES / name).items() if any(text) and parameters(id) != parameters(text)] == []


def is_english(message):
    """Whether a text of the code is to be read in Chinese by way of the catalogue: its first letter is not Chinese."""
    letters = re.sub(r"%\(\w+\)[sd]|<[^>]*>|[\W\d_]", "", message)
    return not re.match("[\u4e00-\u9fff]", letters)


def test_whatever_is_written_in_english_has_its_chinese():
    texts = entries(LOCALES / CHINESE / "LC_MESSAGES" / f"{DOMAIN}.po")
    english = {id: text for (id, _), text in texts.items() if is_english(id if isinstance(id, str) else id[0])}
    assert {REMARK_KINDS["year-half"].text, TEXTS["too-long"], ", "} <= english.keys()
    assert [id for id, text in english.items() if not any(text)] == []


def test_a_text_is_in_the_language_that_is_spoken():
    remark = Remark("year-from-heading", year=2020)
    assert remark.shown == "年度 2020 只见于第一个小标题"
    with speaking(ENGLISH):
        assert remark.shown == remark.text == "year: 2020 is only from the first heading"
        assert gettext("%(a)s", a=["甲", "乙"]) == "甲, 乙"
    assert gettext("%(a)s", a=["甲", "乙"]) == "甲、乙"
    assert counted("共 %(count)s 处", 2) == "共 %(count)s 处"


def test_a_language_without_a_catalogue_is_an_error():
    with speaking("xx"), pytest.raises(FileNotFoundError):
        gettext("x")


def test_problems_are_said_in_the_language_that_is_spoken():
    error = InvalidRequest(Problem("q", "years-reversed", first=2020, last=2019), QueryProblem("q", "too-deep", position=4, most=5))
    assert str(error) == "起始年份 2020 晚于截止年份 2019；检索式有误：第 5 个字符处括号套得太深，最多 5 层"
    with speaking(ENGLISH):
        assert str(error).startswith("the first year 2020 is later than the last year 2019; wrong query: brackets")


@pytest.mark.parametrize(
    ("sort", "identifiers"),
    [
        ("type", ReportType),
        ("kind", Kind),
        ("level", Level),
        ("section", STANDARD_PARTS),
        ("mode", Mode),
        ("sort", Sort),
        ("context", Context),
    ],
)
def test_every_value_has_a_name_for_people(sort, identifiers):
    assert NAMES[sort].keys() == set(identifiers)


def test_every_field_that_pages_speak_of_has_a_name_for_people():
    corrected = {name for name, field in FIELDS.items() if field.corrected}
    assert {*FILTERS, *corrected, *(kind.about for kind in REMARK_KINDS.values())} <= NAMES["field"].keys()


def test_what_has_no_name_is_called_what_it_is():
    assert (name_of("type", "news"), name_of("issuer", "news"), name_of("year", 2020), name_of("year", None)) == (
        "新闻",
        "news",
        "2020",
        "未标明",
    )


def problems_made():
    """The code and the names of the parameters of every problem in the source that is written out."""
    for path in [*(ROOT / "indexer").rglob("*.py"), *(ROOT / "webui").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            at = {"Problem": 1, "QueryProblem": 1, "wrong": 1, "_wrong": 1}.get(name)
            if at is not None and len(node.args) > at and isinstance(node.args[at], ast.Constant):
                names = {keyword.arg for keyword in node.keywords}
                yield node.args[at].value, names | ({"position"} if "wrong" in name else set())


def test_every_problem_made_has_its_text_and_every_text_its_problem():
    made = list(problems_made())
    for code, names in made:
        wanted = set(re.findall(r"%\((\w+)\)s", TEXTS[code]))
        assert wanted - {"character"} == names - {"position"}, code
        assert "character" not in wanted or "position" in names, code
    assert {code for code, _ in made} == set(TEXTS)
