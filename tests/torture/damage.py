"""Report files damaged as disks, networks and old programs damage them, each from a number: the same number is the same file."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable
from functools import cache

from tests.indexer.loaders.ofd_files import content, make_ofd, paragraph, rule, table, text
from tests.support import ROOT

DATA = ROOT / "tests" / "data"
SENTENCE = "全县扎实推进依法行政，健全重大行政决策程序，清理规范性文件四十六件，废止七件，公平竞争审查全面落实。"
_PAGE = 512
_NUMBERS = [b"0", b"-1", b"1", b"255", b"65536", b"2147483647", b"-2147483648", b"99999999999999999999", b"1e400", b"0.0000001"]


def _ofd() -> bytes:
    pages = [
        content(text("青石县2023年法治政府建设工作报告", 40, 40, 7), paragraph(SENTENCE * 3, 30, 70, 30)[0], text("— 1 —", 100, 285, 4)),
        content(
            table([["类别", "件数"], ["行政处罚", "128"]], 30, 60, [50, 40]), rule(10, 10, 200, 10), paragraph(SENTENCE, 30, 120, 30)[0]
        ),
    ]
    return make_ofd(pages)


@cache
def samples(format: str) -> list[bytes]:
    """Whole files of a format."""
    if format == "ofd":
        return [_ofd()]
    if format == "xhtml":
        return [b'<?xml version="1.0" encoding="utf-8"?>' + page for page in samples("html")]
    kind = {"wps": "doc", "mht": "mhtml"}.get(format, format)
    return [path.read_bytes() for path in sorted(DATA.glob(f"*/*.{kind}")) if path.parent.name != "texts" and "encrypted" not in path.name]


def damaged(format: str, number: int) -> bytes:
    """A file of this format, damaged in one to three ways; of a packed one also inside its parts."""
    chance = random.Random(f"{format} {number}")
    whole = samples(format)
    file, other = chance.choice(whole), chance.choice(whole)
    if file.startswith(b"PK") and chance.random() < 0.7:
        return _inside(chance, file)
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        file = chance.choice(_WAYS)(chance, file or b"\0", other)
    return file


def _inside(chance: random.Random, file: bytes) -> bytes:
    """A packed file with parts damaged, missing, or in each other's places, packed as it should be."""
    with zipfile.ZipFile(io.BytesIO(file)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    names = [name for name in parts if name.endswith((".xml", ".rels"))]
    for _ in range(chance.choice([1, 1, 2])):
        name, other = chance.choice(names), chance.choice(names)
        way = chance.random()
        if way < 0.1:
            parts.pop(name, None)
        elif way < 0.2 and name in parts and other in parts:
            parts[name], parts[other] = parts[other], parts[name]
        elif parts.get(name):
            parts[name] = chance.choice(_WAYS)(chance, parts[name], parts.get(other, b"<x/>"))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return made.getvalue()


def _cut(chance: random.Random, file: bytes, other: bytes) -> bytes:
    return file[: chance.randrange(len(file))]


def _other_bytes(chance: random.Random, file: bytes, other: bytes) -> bytes:
    changed = bytearray(file)
    for _ in range(chance.choice([1, 5, 50, 500])):
        changed[chance.randrange(len(file))] = chance.randrange(256)
    return bytes(changed)


def _zero_page(chance: random.Random, file: bytes, other: bytes) -> bytes:
    at = chance.randrange(0, len(file), _PAGE)
    return file[:at] + bytes(len(file[at : at + _PAGE])) + file[at + _PAGE :]


def _swapped_pages(chance: random.Random, file: bytes, other: bytes) -> bytes:
    pages = [file[at : at + _PAGE] for at in range(0, len(file), _PAGE)]
    one, two = chance.randrange(len(pages)), chance.randrange(len(pages))
    pages[one], pages[two] = pages[two], pages[one]
    return b"".join(pages)


def _without(chance: random.Random, file: bytes, other: bytes) -> bytes:
    at, size = chance.randrange(len(file)), chance.choice([1, 2, 7, 64, 4096])
    return file[:at] + file[at + size :]


def _twice(chance: random.Random, file: bytes, other: bytes) -> bytes:
    at, size = chance.randrange(len(file)), chance.choice([1, 7, 64, 4096])
    return file[: at + size] + file[at : at + size] * chance.choice([1, 1, 50]) + file[at + size :]


def _of_another(chance: random.Random, file: bytes, other: bytes) -> bytes:
    at, size = chance.randrange(len(file)), chance.choice([64, 512, 8192])
    start = chance.randrange(max(1, len(other) - size))
    return file[:at] + other[start : start + size] + file[at + size :]


def _extreme_number(chance: random.Random, file: bytes, other: bytes) -> bytes:
    """Numbers written in digits become as large or small as they can be."""
    found = list(re.finditer(rb"\d+", file))
    for match in sorted(chance.sample(found, min(len(found), chance.choice([1, 3, 20]))), key=lambda match: -match.start()):
        file = file[: match.start()] + chance.choice(_NUMBERS) + file[match.end() :]
    return file


def _extreme_integer(chance: random.Random, file: bytes, other: bytes) -> bytes:
    """Binary integers become as large or small as they can be."""
    for _ in range(chance.choice([1, 3, 20])):
        at, size = chance.randrange(0, len(file), 2), chance.choice([1, 2, 4])
        value = chance.choice([0, 1, (1 << 8 * size) - 1, 1 << 8 * size - 1, (1 << 8 * size - 1) - 1])
        file = file[:at] + value.to_bytes(size, "little") + file[at + size :]
    return file


def _without_a_tag(chance: random.Random, file: bytes, other: bytes) -> bytes:
    """A mark of the format's own is lost or doubled: a tag, a control word, an operator."""
    found = list(re.finditer(rb"<[^<>]{1,80}>|\\[a-z]+-?\d*|[{}]|\b(?:endobj|stream|endstream|BT|ET|Tj|TJ|Tm)\b", file[:2_000_000]))
    if not found:
        return _without(chance, file, other)
    match = chance.choice(found)
    return file[: match.start()] + match[0] * chance.choice([0, 0, 2, 300]) + file[match.end() :]


_WAYS: list[Callable[[random.Random, bytes, bytes], bytes]] = [
    _cut,
    _other_bytes,
    _zero_page,
    _swapped_pages,
    _without,
    _twice,
    _of_another,
    _extreme_number,
    _extreme_integer,
    _without_a_tag,
]
