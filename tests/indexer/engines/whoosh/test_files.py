"""Of a mapped file each block is compared with its checksum before something is taken from it, to the last byte, and no other is."""

import fcntl
import os
import sys
from itertools import product

import numpy as np
import pytest

from indexer import IndexCorrupt, build_index, open_index
from indexer.engines.whoosh import catalogues, earlier
from indexer.engines.whoosh.arrays import borders, files, keyed, positions, stored
from indexer.engines.whoosh.arrays.files import BLOCK, ArrayFile, CheckedArray, ends, narrow, packed_values, write_arrays
from indexer.engines.whoosh.arrays.keyed import KeyedLists, KeyedReader
from indexer.engines.whoosh.arrays.stored import Pieces, packed_printed, packed_record, piece_arrays
from indexer.engines.whoosh.segment import segments
from indexer.engines.whoosh.segment.schema import SCHEMA_VERSION
from indexer.records import REPORT_KEYS
from tests.support import one_report

BLOCKS = 3
"""Whole ones of the array that is harmed; a part of one follows."""


def test_what_an_older_index_is_read_by_stays_as_it_is_until_the_schema_has_another_version(tmp_path):
    build_index(tmp_path, [one_report("法治政府", id="r0")])
    with open_index(tmp_path) as index:
        assert index.search("法治政府").total.paragraphs == 1
    layout = (files.BLOCK, files._ALIGNED, files._HEAD, keyed.REST_BITS, positions.EVERY, segments.FOLDED, segments.EXTENSION)
    assert (SCHEMA_VERSION, layout) == (10, (1024, 8, 24, 32, 16, "utf-16-le", ".arrays"))
    assert (borders._SLOT_BITS, int(borders._FACTOR), borders.TOGETHER, borders.END) == (18, 0x9E3779B1, 500, "\uffff")
    names = (catalogues.WHOLE, catalogues.CHANGES, catalogues.SOURCES, catalogues.ORIGINALS, earlier._FOLDER, segments.INDEX_NAME)
    assert names == ("catalogue.json", "catalogue.changes", ".sources", "originals", "versions", "MAIN")
    assert stored._FIELD_NAMES.startswith(b'{"id":null,"title":null,')
    assert stored._probably_printed(b"a,b;c:(d)?!") == '["a，b；c：（d）？！"]'.encode()


def harmed(path, dtype, block, byte):
    """An open file whose first array has a wrong byte in this block, and how many values stand in one block."""
    in_block = BLOCK // np.dtype(dtype).itemsize
    values = np.arange(BLOCKS * in_block + 16 // np.dtype(dtype).itemsize).astype(dtype)
    write_arrays(path, {"it": values, "other": np.arange(9, dtype="<u8")})
    content = bytearray(path.read_bytes())
    content[content.index(values.tobytes()) + block * BLOCK + byte] ^= 1
    path.write_bytes(content)
    return values, in_block


def said(path, take, *where):
    """What is said where something cannot be taken from a file that was just opened, None where it can."""
    try:
        take(ArrayFile(path).lazy("it"), *where)
    except IndexCorrupt as error:
        return str(error)
    return None


def window(array, start, end):
    return array.windows(np.array([start]), end - start)


@pytest.mark.parametrize("dtype", ["u1", "<u2", "<u4", "<u8"])
@pytest.mark.parametrize(("block", "byte"), [(0, 0), (1, BLOCK - 1), (2, 0), (3, 15)])
def test_a_damaged_block_is_noticed_by_whoever_takes_something_from_it_and_by_nobody_else(tmp_path, dtype, block, byte):
    path = tmp_path / "file"
    values, in_block = harmed(path, dtype, block, byte)
    damage = f"{path}: block {block} of it does not match the published checksum; run `reindex`"
    edges = sorted({0, *(edge + by for edge in range(0, len(values), in_block) for by in (-1, 0, 1) if edge + by > 0), len(values)})
    first, last = block * in_block, min(len(values), (block + 1) * in_block)
    takers = [CheckedArray.numbers, CheckedArray.view, *([CheckedArray.piece, window] if dtype == "u1" else [])]
    for start, end, take in product(edges, edges, takers):
        if start < end and (take is not window or end - start <= BLOCK):
            assert said(path, take, start, end) == (damage if start < last and end > first else None), (start, end)
    sound = 0 if block else len(values) - 1
    for edge in edges[:-1]:
        assert said(path, CheckedArray.at, np.array([sound, edge])) == (damage if first <= edge < last else None)
    file = ArrayFile(path)
    assert file["other"].tolist() == list(range(9))
    for read in (file.lazy("it").whole, file.lazy("it").mapped, file.check):
        with pytest.raises(IndexCorrupt, match=rf"{path}: it does not match the published checksum; run `reindex`$"):
            read()


def test_what_was_checked_is_taken_as_it_stands(tmp_path):
    path = tmp_path / "file"
    write_arrays(path, {"it": np.arange(6 * BLOCK).astype("u1")})
    file = ArrayFile(path)
    array = file.lazy("it")
    assert array.piece(BLOCK - 2, BLOCK + 2) == array.numbers(BLOCK - 2, BLOCK + 2).tobytes() == bytes([254, 255, 0, 1])
    assert bytes(array.view(0, BLOCK)[1:3]) == b"\1\2"
    assert array._unread == b"\0\0\1\1\1\1"
    assert array.at(np.array([3, 5])).tolist() == [3, 5]
    assert array.windows(np.array([1, 6 * BLOCK - 2]), 2).tolist() == [b"\1\2", b"\xfe\xff"]
    assert array._unread == b"\0\0\1\1\1\0"
    assert array.windows(np.array([], np.int64), 2).tolist() == []
    mapped, start = array.mapped()
    assert mapped[start : start + 3] == b"\0\1\2"


def test_most_blocks_are_checked_with_all_others_but_damage_to_these_is_not_theirs(tmp_path):
    path = tmp_path / "file"
    values = np.arange(6 * BLOCK).astype("u1")
    write_arrays(path, {"it": values})
    array = ArrayFile(path).lazy("it")
    array.numbers(0, 4 * BLOCK)
    assert not any(array._unread)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.with_name("harmed").write_bytes(content)
    array = ArrayFile(path.with_name("harmed"), "file").lazy("it")
    assert array.numbers(0, 4 * BLOCK).tolist() == values[: 4 * BLOCK].tolist()
    assert array._unread == b"\0\0\0\0\1\1"
    with pytest.raises(IndexCorrupt, match="block 5 of it"):
        array.numbers(BLOCK, 6 * BLOCK)


def test_only_what_was_read_whole_is_read_again_at_once(tmp_path):
    path = tmp_path / "file"
    write_arrays(path, {"whole": np.arange(BLOCK).astype("u1"), "partly": np.arange(2 * BLOCK).astype("u1")})
    file = ArrayFile(path)
    file.lazy("whole").whole()
    file.lazy("partly").numbers(0, 1)
    os.utime(path, (1, 1))
    file.check_unchanged()
    assert (file.lazy("whole")._unread, file.lazy("partly")._unread) == (b"\0", b"\1\1")
    os.utime(path, (1, 1))
    file.lazy("partly").whole()
    file.check_unchanged()
    assert file.lazy("partly")._unread == b"\0\0"


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (lambda content: b"", r"it cannot be opened \(cannot mmap an empty file\)"),
        (lambda content: content[:20], "its header is damaged"),
        (lambda content: content[:40], "its header is damaged"),
        (lambda content: content[:30] + b"?" + content[31:], "its header is damaged"),
        (lambda content: content[:-1], "it was truncated or extended"),
        (lambda content: content + b"\0", "it was truncated or extended"),
    ],
    ids=["empty", "cut_in_its_first_numbers", "cut_in_its_table", "another_byte", "cut", "longer"],
)
def test_what_is_wrong_with_a_file_is_said_when_it_is_opened(tmp_path, harm, reason):
    path = tmp_path / "file"
    write_arrays(path, {"it": np.arange(9, dtype="<u2")})
    path.write_bytes(harm(path.read_bytes()))
    with pytest.raises(IndexCorrupt, match=f"^{path}: {reason}; run `reindex`$"):
        ArrayFile(path)


def test_a_file_is_known_by_its_own_name(tmp_path):
    write_arrays(tmp_path / "one", {"it": np.arange(9)})
    (tmp_path / "one").rename(tmp_path / "two")
    with pytest.raises(IndexCorrupt, match="two: it is one;"):
        ArrayFile(tmp_path / "two")
    assert ArrayFile(tmp_path / "two", "one").names() == ["it"]
    with pytest.raises(IndexCorrupt, match=r"none: it cannot be opened \(.*No such file"):
        ArrayFile(tmp_path / "none")


def test_a_file_without_arrays_and_one_that_ends_with_its_head_are_read(tmp_path):
    for arrays in ({}, {"none": np.zeros(0, "<u4")}):
        write_arrays(tmp_path / "file", arrays)
        file = ArrayFile(tmp_path / "file")
        file.check()
        assert (file.names(), file.get("other")) == (list(arrays), None)


@pytest.mark.skipif(sys.platform == "win32", reason="what is mapped cannot be cut there")
def test_a_file_that_changes_its_size_or_goes_away_while_it_is_read_is_noticed(tmp_path):
    path = tmp_path / "file"
    write_arrays(path, {"it": np.arange(9)})
    file = ArrayFile(path)
    with path.open("ab") as more:
        more.write(b"\0")
    with pytest.raises(IndexCorrupt, match=r"file: it was truncated or extended while it was read; run `reindex`$"):
        file.check_unchanged()
    write_arrays(path, {"it": np.arange(9)})
    file = ArrayFile(path)
    file._handle = -1
    with pytest.raises(IndexCorrupt, match=r"file: it cannot be read any more \(.*Bad file descriptor\); run `reindex`$"):
        file.check_unchanged()


@pytest.mark.skipif(sys.platform == "win32", reason="handles are not inherited there")
def test_programs_that_are_started_do_not_inherit_a_file(tmp_path):
    write_arrays(tmp_path / "file", {})
    assert fcntl.fcntl(ArrayFile(tmp_path / "file")._handle, fcntl.F_GETFD) & fcntl.FD_CLOEXEC


def test_numbers_are_as_narrow_as_the_largest_and_sizes_become_ends():
    assert [narrow(values).dtype.str for values in ([], [255], [256], [3, 65_536])] == ["|u1", "|u1", "<u2", "<u4"]
    assert [ends(sizes).tolist() for sizes in ([], [2, 0, 3])] == [[0], [0, 2, 2, 5]]


def test_what_is_stored_takes_little_room():
    text = "全县（区）依法行政：完成，是吗？好！"
    folded = "全县(区)依法行政:完成,是吗?好!".encode()
    assert len(packed_printed([text], folded)) <= 8
    assert len(packed_record(dict.fromkeys(REPORT_KEYS))) < 20
    assert len(packed_values(["法治政府" * 20])) < 40


@pytest.fixture
def pieces(tmp_path):
    held = [bytes([65 + number % 26]) * (number % 5) for number in range(2_000)]
    write_arrays(tmp_path / "file", piece_arrays("it", held))
    return held, tmp_path / "file"


@pytest.mark.parametrize("numbers", [[], [0], [1_999], [7, 3, 1_000], [4, 5, 6, 9], [1_990, 1_999], [3, 3 + 2 * stored.SPARSE], [1, 1]])
def test_several_pieces_are_what_each_is(pieces, numbers):
    held, path = pieces
    assert [bytes(piece) for piece in Pieces(ArrayFile(path), "it").of(numbers)] == [held[number] for number in numbers]


def test_pieces_far_apart_are_checked_one_by_one_and_near_ones_in_one_go(pieces):
    _, path = pieces
    for numbers, checked in (([1, 1_999], {0, 3}), ([1, *range(0, 2_000, stored.SPARSE), 1_999], {0, 1, 2, 3})):
        file = ArrayFile(path)
        Pieces(file, "it").of(numbers)
        assert {at for at, unread in enumerate(file.lazy("it")._unread) if not unread} == checked


def test_all_pieces_are_gone_through_after_one_check_of_all(pieces):
    held, path = pieces
    file = ArrayFile(path)
    every = iter(Pieces(file, "it"))
    assert not any(file.lazy("it")._unread)
    assert list(every) == held
    assert len(Pieces(file, "it")) == len(held)


@pytest.mark.parametrize("held", [[], [b""], [b"ab", b"cd"], [b"a", b"bcd", b""], [b"\xe6\xb3\x95"]])
def test_pieces_of_one_width_are_what_each_is(tmp_path, held):
    write_arrays(tmp_path / "file", piece_arrays("it", held))
    assert Pieces(ArrayFile(tmp_path / "file"), "it").alike().tolist() == held


def test_passages_are_found_by_the_keys_of_their_sentences(tmp_path):
    keys = [5, 5 + (1 << 32), 6 + (1 << 32), (1 << 48) - 1, 0, 7 << 32]
    passages = [[keys[0], keys[1]], [keys[1]], [], [keys[2], keys[3]], [keys[1], keys[3]]]
    write_arrays(tmp_path / "file", KeyedLists.of(passages).arrays("it"))
    reader = KeyedReader(ArrayFile(tmp_path / "file"), "it")
    right = {key: [number for number, own in enumerate(passages) if key in own] for key in keys}
    assert {key: reader.at(key).tolist() for key in keys} == right
    write_arrays(tmp_path / "none", KeyedLists.of([[]]).arrays("it"))
    readers = [reader, KeyedReader(ArrayFile(tmp_path / "none"), "it"), reader]
    segments, which, ids = KeyedReader.gathered(readers, np.array(sorted(keys)))
    assert list(zip(segments.tolist(), which.tolist(), ids.tolist(), strict=True)) == [
        (segment, at, id) for segment in (0, 2) for at, key in enumerate(sorted(keys)) for id in right[key]
    ]
    for nothing in (([], np.array([5])), (readers, np.empty(0, np.int64)), (readers, np.array([9]))):
        assert [own.tolist() for own in KeyedReader.gathered(*nothing)] == [[], [], []]
    every = reader.all()
    assert list(zip(every.keys.tolist(), every.ids.tolist(), strict=True)) == sorted((key, id) for key in keys for id in right[key])
    joined = KeyedLists.joined([every, every], [np.array([0, -1, -1, -1, 1]), np.array([-1, 2, -1, 3, -1])])
    assert joined.keys.tolist() == [keys[0], keys[1], keys[1], keys[1], keys[2], keys[3], keys[3]]
    assert joined.ids.tolist() == [0, 0, 1, 2, 3, 1, 3]
