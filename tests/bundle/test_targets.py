"""What is packed for which system, without packing it."""

import pytest

from bundle.__main__ import OCR
from bundle.targets import PYTHONS, TARGETS, locked, needed
from tests.support import ROOT

LOCK = locked(ROOT / "requirements.lock")


def versions(target):
    return dict(line.split(" --hash")[0].split("==") for line in needed(LOCK, TARGETS[target]))


def test_every_line_of_the_lock_is_read_with_its_hashes():
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert len(LOCK) == sum("==" in line for line in text.splitlines())
    assert sum(hashes.count("--hash=sha256:") for _, hashes in LOCK.values()) == text.count("--hash=sha256:")


def test_conditions_are_those_of_the_target_not_of_this_machine():
    assert "colorama" in versions("windows-x86_64-3.12")
    assert "colorama" not in versions("linux-aarch64-3.12")
    assert versions("linux-x86_64-3.11")["numpy"] != versions("linux-x86_64-3.12")["numpy"]


@pytest.mark.parametrize("target", TARGETS)
def test_every_direct_dependency_is_packed_once(target):
    assert {"flask", "numpy", "whoosh", "jieba", "watchfiles"} <= versions(target).keys()
    assert len(needed(LOCK, TARGETS[target])) == len(versions(target))


@pytest.mark.parametrize("target", TARGETS)
def test_what_reads_scans_is_one_wheel_more(target):
    lock = {text: entry for text, entry in locked(ROOT / "requirements-dev.lock").items() if entry[0].name in OCR}
    assert [line.split("==")[0] for line in needed(lock, TARGETS[target])] == ["faster-paddle"]


def test_pythons_are_those_that_the_product_supports():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'requires-python = ">={PYTHONS[0]}"' in text
    assert f"3.11 to {PYTHONS[-1]}" in (ROOT / "bundle" / "packed" / "INSTALL.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("script", ["install.cmd", "start.cmd"])
def test_scripts_for_windows_are_plain_ascii_with_its_line_ends(script):
    content = (ROOT / "bundle" / "packed" / script).read_bytes()
    assert content.isascii()
    assert content.count(b"\r\n") == content.count(b"\n") > 0
