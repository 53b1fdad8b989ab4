"""Texts for people, in the language that is spoken: one catalogue for pages, the API and commands.

A text is written in the code or a template, in English or in Chinese, with named parameters like %(year)s. What it is in
another language stands in `locale/<language>/LC_MESSAGES/fazhi.po`; `python -m indexer.texts.update` (`make texts`) lists
what there is to translate and compiles the catalogues.
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
"""What fills a text; of several strings all, with the mark between them that the language has for it."""

_spoken: ContextVar[str] = ContextVar("spoken", default=CHINESE)


def speak(language: str) -> Token[str]:
    """From here on texts are in this language, for whoever asks in this thread."""
    return _spoken.set(language)


def spoken() -> str:
    """The language that texts are in."""
    return _spoken.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Texts are in this language meanwhile."""
    before = speak(language)
    try:
        yield
    finally:
        _spoken.reset(before)


@cache
def _catalogue(language: str) -> NullTranslations:
    # English is what much is written in; without a catalogue of its own the rest stays as it is.
    return translation(DOMAIN, LOCALES, [language], fallback=language == ENGLISH)


@lru_cache(maxsize=4096)
def _found(language: str, message: str) -> str:
    return _catalogue(language).gettext(message)


def gettext(message: str, /, **params: Param) -> str:
    """A text in the language that is spoken, its parameters filled in."""
    found = _found(_spoken.get(), message)
    return found % {name: _filling(value) for name, value in params.items()} if params else found


def counted(message: str, count: int, /) -> str:
    """A text that depends on a number, %(count)s in it, not filled in yet: languages say one and many each in their own way."""
    return _catalogue(_spoken.get()).ngettext(message, message, count)


def in_context(context: str, message: str, count: int, language: str | None = None) -> str:
    """A word that means several things, in one of its meanings, of so many; in the language that is spoken, or in another one."""
    return _catalogue(language or _spoken.get()).npgettext(context, message, message, count)


def _filling(value: Param) -> str | int:
    return value if isinstance(value, str | int) else joined(value)


def joined(values: Sequence[str]) -> str:
    """Values in a row, with the mark between them that the language has for it."""
    return gettext(", ").join(values)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for it
    """The text as it is, marked to be translated where it is shown."""
    return message
