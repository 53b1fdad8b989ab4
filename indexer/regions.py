"""Places of GB/T 2260: what a code or a name stands for, and which places contain it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Region:
    """A province, city or county."""

    code: str
    """Six digits of GB/T 2260."""
    name: str
    path: tuple[str, ...]
    """Names from the province down, its own last."""
    codes: tuple[str, ...]
    """The codes of `path`."""


def region_of_code(code: str) -> Region | None:
    """The place with this code, None where no table has it."""
    raise NotImplementedError


def find_region(wanted: str) -> Region:
    """The one place that a code or a name stands for.

    Raises:
        InvalidRequest: No place has this code or name, or several have the name.
    """
    raise NotImplementedError
