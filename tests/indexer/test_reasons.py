"""Why a file could not be read is said in the language of the page, for every reason that the code gives."""

import ast
import re

import pytest

from indexer import Remark, parse_file
from indexer.errors import RejectedFile
from indexer.reasons import TEXTS, shown
from indexer.texts import CHINESE, ENGLISH, speaking
from tests.support import ROOT

HAN = re.compile("[\u4e00-\u9fff]")
FILLED = re.compile(r"%\(\w+\)s")
GIVEN = [
    *sorted((ROOT / "indexer" / "loaders").glob("*.py")),
    *(ROOT / "indexer" / name for name in ("workers/files.py", "workers/worker.py", "pool.py")),
]
INSIDE = ("mtef.py", "remembered.py")
"""What fails there fails a formula or a remembered page, not the file."""


def texts_of(node, constants):
    """The texts that an expression may be, each with 7 where a value goes."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=values):
            return [
                a + b
                for a in ([""] if not values[:-1] else texts_of(ast.JoinedStr(values[:-1]), constants))
                for b in piece(values[-1], constants)
            ]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return [a + b for a in texts_of(left, constants) for b in texts_of(right, constants)]
        case ast.IfExp(body=body, orelse=other):
            return texts_of(body, constants) + texts_of(other, constants)
        case ast.Name(id=name) if name in constants:
            return texts_of(constants[name], constants)
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="format"), args=[inner]) if name in constants:
            return [texts_of(constants[name], constants)[0].format(text) for text in texts_of(inner, constants) or ["7"]]
    return []


def piece(node, constants):
    if isinstance(node, ast.FormattedValue):
        return texts_of(node.value, constants) or ["7"]
    return texts_of(node, constants)


def reasons():
    """The reasons that stand in the code, by the line where each is given."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in GIVEN if path.name not in INSIDE}
    constants = {
        target.id: node.value
        for tree in trees.values()
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for path, tree in trees.items():
        for node in ast.walk(tree):
            match node:
                case ast.Raise(exc=ast.Call(func=ast.Name(id="ValueError" | "OlderWord" | "OutOfTime"), args=[text])):
                    given = text
                case ast.Call(func=ast.Name(id="RejectedFile"), args=[_, text]):
                    given = text
                case ast.Dict(keys=[ast.Constant(value="rejected"), *_], values=[text, *_]):
                    given = text
                case _:
                    continue
            for text in texts_of(given, constants):
                if re.search("[a-z]", text):  # not what only passes on another reason
                    yield pytest.param(text, id=f"{path.name}:{node.lineno}")


@pytest.mark.parametrize("reason", list(reasons()))
def test_a_reason_of_the_code_has_its_chinese(reason):
    with speaking(CHINESE):
        assert HAN.search(shown(reason)), "write its text into `indexer.reasons.TEXTS`"
    with speaking(ENGLISH):
        assert shown(reason) == reason


def test_a_reason_is_found_again_with_what_fills_it():
    with speaking(CHINESE):
        for text in TEXTS:
            assert HAN.search(shown(FILLED.sub("7", text)))
        assert shown("it is a PDF, not .docx; name it .pdf") == "文件其实是“PDF 文件”，不是 .docx；请把扩展名改为 .pdf"
        assert shown("a.png: a picture of 3 × 4 pixels, too small for a page") == "a.png：图片只有 3 × 4 像素，不够一页的大小"
        assert shown("reading it took more than 8 seconds; no report does") == "读取用了超过 8 秒，报告不会要这么久"


def test_what_is_no_reason_of_ours_stays_as_it_is():
    with speaking(CHINESE):
        for other in ("No space left on device", "x: y", "x" * 100_000, ""):
            assert shown(other) == other


def test_remarks_say_a_reason_in_their_own_language():
    remark = Remark("file-unreadable", reason="the file is empty")
    with speaking(CHINESE):
        assert "文件是空的" in remark.shown
    assert "the file is empty" in remark.text


def test_a_file_that_cannot_be_read_says_so_in_chinese(tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 nothing")
    with pytest.raises(RejectedFile) as rejected, speaking(CHINESE):
        parse_file(tmp_path / "a.pdf")
    with speaking(CHINESE):
        assert shown(rejected.value.reason).startswith("文件已损坏（")
