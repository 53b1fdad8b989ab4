"""Texts of the pages, in the language of the request."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from flask import Flask
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup, escape

from indexer import name_of, texts


def language() -> str:
    """The language of this request: the one place where it is chosen."""
    return texts.CHINESE


def language_tag() -> str:
    """It as HTML and HTTP write it."""
    return language().replace("_", "-")


def shown(message: str, /, **params: object) -> Markup:
    """A text for a template: its markup is ours, its parameters are escaped; of a tuple all, the marks between them put in."""
    return _short_or_made(message, None, _escaped(params))


def counted(message: str, count: int, /, **params: object) -> Markup:
    """A text that depends on a number, %(count)s in it."""
    return _short_or_made(message, count, _escaped({"count": count, **params}))


LONGEST_CACHED = 100
"""Characters of a parameter with which a text is cached, so that what is typed never makes the cache grow past some megabytes."""


def _short_or_made(message: str, count: int | None, params: tuple[tuple[str, Markup], ...]) -> Markup:
    is_short = all(len(value) <= LONGEST_CACHED for _, value in params)
    return (_made if is_short else _made.__wrapped__)(language(), message, count, params)


def _escaped(params: Mapping[str, object]) -> tuple[tuple[str, Markup], ...]:
    # Before the cache, which takes a text and the same text as markup for one.
    return tuple((name, escape(texts.joined(value) if isinstance(value, tuple) else value)) for name, value in params.items())


@lru_cache(maxsize=4096)
def _made(language: str, message: str, count: int | None, params: tuple[tuple[str, Markup], ...]) -> Markup:
    """Kept, for a page has a hundred texts, and years and days come again and again."""
    text = texts.gettext(message) if count is None else texts.counted(message, count)
    return Markup(text % dict(params) if params else text)


def for_scripts() -> Markup:
    """What the scripts have to say, as JSON."""
    return _for_scripts(language())


@lru_cache
def _for_scripts(language: str) -> Markup:
    return htmlsafe_json_dumps(
        {
            "copied": texts.gettext("已复制"),
            "quotation": texts.gettext("“%(text)s”——%(source)s"),
            "passages": texts.gettext("%(count)s 段"),
            "hit": texts.gettext("第 %(now)s 处，共 %(all)s 处"),
            "searching": texts.gettext("正在检索…"),
            "unreachable": texts.gettext("没有连上服务器，下面还是上一次的结果。"),
        },
        ensure_ascii=False,
    )


def register(app: Flask) -> None:
    """Let templates say their texts."""
    app.jinja_env.globals |= {
        "_": shown,
        "counted": counted,
        "name_of": name_of,
        "language_tag": language_tag,
        "texts_for_scripts": for_scripts,
    }

    @app.before_request
    def choose() -> None:
        texts.speak(language())
