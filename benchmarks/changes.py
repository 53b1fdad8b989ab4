"""The small changes of a file's code that `mutants` tries, one node each.

Changes without any visible effect are listed in `equivalent_changes.toml`, with the reason.
"""

from __future__ import annotations

import ast
import copy
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
EQUIVALENT = Path(__file__).with_name("equivalent_changes.toml")
SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn,
    ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.Break: ast.Continue,
    ast.Continue: ast.Break,
}  # fmt: skip


def code_of(tree: ast.AST, function: str = "") -> Iterator[tuple[ast.AST, str]]:
    """All nodes except annotations, decorators, docstrings and `__all__`, in order.

    Each comes with the name of the function whose body it is in, "" outside of functions.
    """
    yield tree, function
    for name, value in ast.iter_fields(tree):
        if name in {"annotation", "returns", "decorator_list"}:
            continue
        inside = function
        if isinstance(tree, ast.FunctionDef) and name == "body":
            inside = function or tree.name
        for child in value if isinstance(value, list) else [value]:
            match child:
                case ast.Expr(ast.Constant()) | ast.Assign([ast.Name("__all__")]):
                    continue
                case ast.AST():
                    yield from code_of(child, inside)


def change(node: ast.AST) -> bool:
    """Change a node in place; whether that was possible."""
    match node:
        case ast.Compare(ops=[only]) if type(only) in SWAPPED:
            node.ops = [SWAPPED[type(only)]()]  # type: ignore[list-item]
        case ast.BoolOp() | ast.BinOp() | ast.AugAssign() if type(node.op) in SWAPPED:
            node.op = SWAPPED[type(node.op)]()  # type: ignore[assignment]
        case ast.Break() | ast.Continue():
            node.__class__ = SWAPPED[type(node)]  # type: ignore[assignment]
        case ast.Constant(value=bool(value)):
            node.value = not value
        case ast.Constant(value=int(value)):
            node.value = value + 1
        case ast.Constant(value=str(value)) if value:
            node.value = "?" + value
        case ast.UnaryOp(op=ast.Not()):
            node.operand = ast.UnaryOp(ast.Not(), node.operand)
        case ast.If() | ast.IfExp() | ast.While() if not isinstance(node.test, ast.Compare | ast.BoolOp | ast.UnaryOp):
            node.test = ast.UnaryOp(ast.Not(), node.test)
        case ast.Return(value=ast.Constant(value=None | False)):
            return False
        case ast.Return(value=ast.expr()) | ast.Expr(value=ast.Call()):
            node.value = ast.Constant(None)
        case _:
            return False
    ast.fix_missing_locations(node)
    return True


def described(node: ast.AST) -> str:
    """The first line of a node's code, before and after its change."""
    after = copy.copy(node)
    change(after)
    return " -> ".join(ast.unparse(each).partition("\n")[0] for each in (node, after))


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one node of a file."""

    path: Path
    line: int
    column: int
    last_line: int
    function: str
    """The function whose body it is in, "" outside of functions."""
    what: str
    """The node's code before and after."""
    source: str
    """The source line in which the node begins."""
    tree: ast.Module = field(repr=False)
    """The changed file."""

    @property
    def key(self) -> tuple[str, str, str]:
        """Identifies the change independently of its line number."""
        return str(self.path.relative_to(ROOT)), self.source, self.what

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}:{self.column}: {self.what}"


def changes(path: Path) -> list[tuple[Path, int]]:
    """The numbers of the nodes of a file that can be changed, each with the path."""
    nodes = code_of(ast.parse(path.read_text("utf-8")))
    return [(path, number) for number, (node, _) in enumerate(nodes) if change(copy.copy(node))]


def changed(path: Path, number: int) -> Change:
    """The change of the node with this number."""
    source = path.read_text("utf-8")
    tree = ast.parse(source)
    node, function = list(code_of(tree))[number]
    what = described(node)
    change(node)
    line, column = getattr(node, "lineno", 0), getattr(node, "col_offset", -1) + 1
    last = getattr(node, "end_lineno", None) or line
    return Change(path, line, column, last, function, what, source.splitlines()[line - 1].strip(), tree)


def equivalent_changes() -> set[tuple[str, str, str]]:
    """The keys of the changes without effect."""
    return {(one["file"], one["line"], one["change"]) for one in tomllib.loads(EQUIVALENT.read_text("utf-8"))["equivalent"]}
