"""Texts for people, in the current language: one catalogue for pages, the API and commands.

A text is written in the code or a template, in English or in Chinese, with named parameters like %(year)s. Its
translations are in `locale/<language>/LC_MESSAGES/fazhi.po`; `python -m indexer.texts.update` (`make texts`) collects
the texts to translate and compiles the catalogues.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar, Token
from functools import cache, lru_cache
from gettext import NullTranslations, translation
from pathlib import Path

DOMAIN = "fazhi"
LOCALES = Path(__file__).parent / "locale"
CHINESE, ENGLISH = "zh_Hans", "en"

Param = str | int | Sequence[str]
"""A parameter of a text; several strings are joined with the separator of the language."""

_spoken: ContextVar[str] = ContextVar("spoken", default=CHINESE)


def speak(language: str) -> Token[str]:
    """Set the language of texts from here on, in this context."""
    return _spoken.set(language)


def spoken() -> str:
    """The current language of texts."""
    return _spoken.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Set the language of texts within the block."""
    before = speak(language)
    try:
        yield
    finally:
        _spoken.reset(before)


@cache
def _catalogue(language: str) -> NullTranslations:
    # Many texts are written in English; without a catalogue of its own, the rest stays untranslated.
    return translation(DOMAIN, LOCALES, [language], fallback=language == ENGLISH)


@lru_cache(maxsize=4096)
def _found(language: str, message: str) -> str:
    return _catalogue(language).gettext(message)


def gettext(message: str, /, **params: Param) -> str:
    """The text in the current language, with its parameters filled in."""
    found = _found(_spoken.get(), message)
    return found % {name: _filling(value) for name, value in params.items()} if params else found


def counted(message: str, count: int, /) -> str:
    """The text for a number, with %(count)s not filled in yet: languages have their own plural forms."""
    return _catalogue(_spoken.get()).ngettext(message, message, count)


def in_context(context: str, message: str, count: int, language: str | None = None) -> str:
    """The translation of an ambiguous word in one of its meanings, for a number; in the current language, or in another one."""
    return _catalogue(language or _spoken.get()).npgettext(context, message, message, count)


def _filling(value: Param) -> str | int:
    return value if isinstance(value, str | int) else joined(value)


def joined(values: Sequence[str]) -> str:
    """The values joined with the separator of the language."""
    return gettext(", ").join(values)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for it
    """The text unchanged, marked to be translated where it is shown."""
    return message
