"""Texts for people, in the language that is spoken: one catalogue for pages, the API and commands.

A text is written in the code or a template, in English or in Chinese, with named parameters like %(year)s. What it is in
another language stands in `locale/<language>/LC_MESSAGES/fazhi.po`; `python -m indexer.texts.update` (`make texts`) lists
what there is to translate and compiles the catalogues.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

DOMAIN = "fazhi"
LOCALES = Path(__file__).parent / "locale"
CHINESE, ENGLISH = "zh_Hans", "en"

Param = str | int | Sequence[str]
"""What fills a text; of several strings all, with the mark between them that the language has for it."""

_spoken: ContextVar[str] = ContextVar("spoken", default=CHINESE)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Texts are in this language meanwhile, for whoever asks in this thread."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


@cache
def _catalogue(language: str) -> NullTranslations:
    # English is what much is written in; without a catalogue of its own the rest stays as it is.
    return translation(DOMAIN, LOCALES, [language], fallback=language == ENGLISH)


def gettext(message: str, /, **params: Param) -> str:
    """A text in the language that is spoken, its parameters filled in."""
    found = _catalogue(_spoken.get()).gettext(message)
    return found % {name: _filling(value) for name, value in params.items()} if params else found


def counted(message: str, count: int, /, **params: Param) -> str:
    """A text that depends on a number, %(count)s in it: languages say one and many each in their own way."""
    found = _catalogue(_spoken.get()).ngettext(message, message, count)
    return found % {"count": count, **{name: _filling(value) for name, value in params.items()}}


def _filling(value: Param) -> str | int:
    return value if isinstance(value, str | int) else gettext(", ").join(value)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for it
    """The text as it is, marked to be translated where it is shown."""
    return message
