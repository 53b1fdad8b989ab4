"""Texts of pages come from the catalogue, and their parameters are escaped."""

import ast
import re
from dataclasses import replace
from urllib.parse import unquote

import pytest
from jinja2 import Environment, nodes
from markupsafe import Markup

import indexer.texts
import webui.texts
from indexer import STANDARD_PARTS, Level, Remark, Report, build_index
from tests.support import ROOT
from webui import create_app
from webui.reference import EXAMPLES
from webui.texts import LANGUAGES, counted, for_scripts, shown


@pytest.fixture
def request_context(tmp_path):
    with create_app(str(tmp_path)).test_request_context("/"):
        yield


@pytest.mark.usefixtures("request_context")
def test_parameters_are_escaped_and_markup_is_not():
    assert shown("检索：%(query)s", query=Markup("<b>")) == "检索：<b>"
    assert shown("检索：%(query)s", query="<b>") == "检索：&lt;b&gt;"
    assert counted("<strong>%(count)s</strong> 份报告提及 %(query)s", 2, query="<b>") == "<strong>2</strong> 份报告提及 &lt;b&gt;"
    assert shown("待核对：%(fields)s", fields=("标题", "<i>")) == "待核对：标题、&lt;i&gt;"


def test_texts_for_scripts_cannot_end_their_element():
    assert "<" not in for_scripts()


def is_chinese(text):
    return re.search("[\u4e00-\u9fff]", text) is not None


TEMPLATES = sorted((ROOT / "webui" / "templates").glob("*"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_what_templates_say_goes_through_the_catalogue(path):
    tree = Environment(trim_blocks=True, lstrip_blocks=True, autoescape=True).parse(path.read_text(encoding="utf-8"))
    written = "".join(piece.data for piece in tree.find_all(nodes.TemplateData))
    # Examples of queries are the same in every language.
    examples = re.sub(r"<code>[^<]*</code>|<li><a href=\"/\?q=[^<]*</a>", "", written)
    assert not is_chinese(examples)
    marked = {id(arg) for call in tree.find_all(nodes.Call) if getattr(call.node, "name", "") in {"_", "counted"} for arg in call.args[:1]}
    assert [const.value for const in tree.find_all(nodes.Const) if id(const) not in marked and is_chinese(str(const.value))] == []


@pytest.mark.parametrize("path", sorted((ROOT / "webui").glob("*.py")), ids=lambda path: path.name)
def test_what_the_web_says_in_python_goes_through_the_catalogue(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    marked = {id(arg) for call in calls if ast.unparse(call.func) in {"_", "N_", "texts.gettext", "counted"} for arg in call.args[:1]}
    # What stands alone describes what stands before it; annotations describe shapes to programs.
    described = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    described |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.Subscript) for part in ast.walk(node.slice)}
    # The signs of items, looked for in texts; examples of queries; what languages call themselves.
    same = {"是"} | set(EXAMPLES.values()) | set(LANGUAGES.values())
    said = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in marked | described)
    assert [node.value for node in said if is_chinese(str(node.value)) and node.value not in same] == []


@pytest.mark.parametrize("folder", ["indexer", "webui"])
def test_no_text_is_written_where_the_catalogue_is_not_brought_up_to_date(folder):
    """Babel passes over what stands in an f-string."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / folder).rglob("*.py")}
    inside = [
        (path, call) for path, tree in trees.items() for one in ast.walk(tree) if isinstance(one, ast.JoinedStr) for call in ast.walk(one)
    ]
    calls = [(path.name, ast.unparse(call)) for path, call in inside if isinstance(call, ast.Call) and call.args]
    assert [call for call in calls if re.match(r"(_|N_|counted|gettext|texts\.gettext)\(['\"]", call[1])] == []


def test_scripts_say_nothing_of_their_own():
    scripts = sorted((ROOT / "webui" / "static").glob("*.js"))
    assert len(scripts) >= 2
    assert [path.name for path in scripts if is_chinese(path.read_text(encoding="utf-8"))] == []


@pytest.fixture(scope="module")
def other_language(tmp_path_factory):
    """A client that is answered in a language whose texts are those of the catalogue with an x for each Chinese character."""
    from babel.messages.pofile import read_po, write_po

    from indexer.texts.update import update, written

    folder = tmp_path_factory.mktemp("language")
    po = folder / "locale" / "xx" / "LC_MESSAGES" / "fazhi.po"
    po.parent.mkdir(parents=True)
    po.touch()
    template = written()
    update(template, folder / "locale")
    with po.open("rb") as file:
        catalogue = read_po(file)
    for message in catalogue:
        if message.id:
            texts = [message.id] if isinstance(message.id, str) else message.id
            crossed = [re.sub("[\u4e00-\u9fff]", "x", text) for text in texts]
            message.string = crossed[0] if isinstance(message.id, str) else crossed
    with po.open("wb") as file:
        write_po(file, catalogue)
    update(template, folder / "locale")
    blocks = [(("Measures",), f"The report {number}.") for number in range(3)]
    made = [Report.from_blocks(id=f"r{year}", title="Report", year=year, issuer="Office", blocks=blocks) for year in (2020, 2022)]
    guessed = (Remark("year-from-heading", year=2020), Remark("title-repeated"))
    build_index(folder / "index", [replace(made[0], remarks=guessed, corrected=("year",), level=Level.COUNTY), made[1]])
    # What a request leaves behind in this thread, its language, ends with these tests.
    with pytest.MonkeyPatch.context() as patch, indexer.texts.speaking(indexer.texts.CHINESE):
        patch.setattr(indexer.texts, "LOCALES", folder / "locale")
        patch.setattr(webui.texts, "chosen", lambda: "xx")
        yield create_app(str(folder / "index")).test_client(use_cookies=False)
    # The language is gone with its catalogue.
    indexer.texts._catalogue.cache_clear()
    indexer.texts._found.cache_clear()


PAGES = """
/ /?q=report /?q=report&page=9 /?q=report&year=2020&type=report /?q=report&year=1999 /?q=absent+report /?q=( /?q=report&sort=x /nowhere /reports /reports?q=report
/reports?q=report&mention=no /concordance?q=report /years?q=report /reports/r2020?q=report /reports/r2022 /corpus /corpus?region=unknown
/compare?left=r2020&right=r2022 /verify /check /matrix?q=report /words?q=report /words?year=2020 /required /promises?report=r2020 /api/ /api/data /help /reports/r2020/original /opensearch.xml /api/v1/search?q=( /api/v1/search.csv?q=report
""".split()


@pytest.mark.parametrize("url", PAGES)
def test_a_language_is_a_catalogue_and_nothing_else(other_language, url):
    shown = unquote(other_language.get(url).text)
    # Examples of queries, and values that addresses and JSON carry, are the same in every language.
    same = r'<code>.*?</code>|<a href="/[^"]*\?(?:q|terms|text)=[^<]*</a>|href="[^"]*"|hreflang="[^<]*'
    shown = re.sub(same, "", shown)
    if url in ("/api/", "/api/data"):
        shown = re.sub("|".join([*STANDARD_PARTS, *Level]), "", shown)
    assert re.findall("[^\n]*[\u4e00-\u9fff][^\n]*", shown) == []
    if "<html" in shown:
        assert '<html lang="xx"' in shown
        assert "xxxx" in shown


def test_texts_with_what_somebody_typed_at_length_are_not_cached():
    webui.texts._made.cache_clear()
    assert shown("%(q)s 甲", q="字" * 100) == "字" * 100 + " 甲"
    assert webui.texts._made.cache_info().currsize == 1
    assert shown("%(q)s 甲", q="字" * 101) == "字" * 101 + " 甲"
    assert webui.texts._made.cache_info().currsize == 1
