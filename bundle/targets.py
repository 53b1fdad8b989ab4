"""For which systems and Pythons wheels are packed, and which of the locked requirements each of them needs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
# Wheels for glibc up to 2.28: what Kylin V10 and UOS 20 have.
_GLIBC = ("2_28", "2_27", "2_26", "2_24", "2_17")


@dataclass(frozen=True, slots=True)
class Target:
    """A system with a Python; without `tags` whatever this process runs on."""

    name: str
    python: str = ""
    tags: tuple[str, ...] = ()
    """Of the wheels that it takes, the best ones first; pip does not know that one implies another."""
    markers: tuple[tuple[str, str], ...] = ()
    """What sets the system apart in the conditions of requirements: pip itself would take those of the machine it runs on."""

    def pip_options(self) -> list[str]:
        """What tells pip to look for this target's wheels."""
        if not self.tags:
            return []
        platforms = [option for tag in self.tags for option in ("--platform", tag)]
        return ["--implementation", "cp", "--python-version", self.python, *platforms]


HERE = Target("here")


def _linux(machine: str, python: str) -> Target:
    tags = (*(f"manylinux_{version}_{machine}" for version in _GLIBC), f"manylinux2014_{machine}")
    markers = (("sys_platform", "linux"), ("platform_system", "Linux"), ("os_name", "posix"), ("platform_machine", machine))
    return Target(f"linux-{machine}-{python}", python, tags, markers)


def _windows(python: str) -> Target:
    markers = (("sys_platform", "win32"), ("platform_system", "Windows"), ("os_name", "nt"), ("platform_machine", "AMD64"))
    return Target(f"windows-x86_64-{python}", python, ("win_amd64",), markers)


TARGETS = {
    target.name: target for target in (HERE, *(made for v in PYTHONS for made in (_windows(v), _linux("x86_64", v), _linux("aarch64", v))))
}


def locked(lock: Path) -> dict[str, tuple[Requirement, str]]:
    """The requirements of a lock with their hashes, `--hash=… --hash=…`; a name may stand there once for each of several conditions."""
    found = {}
    for line in lock.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        text, _, hashes = line.partition("--hash")
        if text.strip():
            found[text.strip()] = (Requirement(text), "--hash" + re.sub(r"\s+", " ", hashes).strip())
    return found


def needed(lock: dict[str, tuple[Requirement, str]], target: Target) -> list[str]:
    """The lines of a lock that hold for a target, without their conditions."""
    environment = dict(target.markers)
    if target.python:
        environment |= {
            "python_version": target.python,
            "python_full_version": f"{target.python}.0",
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
        }
    return [
        f"{requirement.name}{requirement.specifier} {hashes}"
        for requirement, hashes in lock.values()
        if requirement.marker is None or requirement.marker.evaluate(environment)
    ]
