"""Texts of the pages, in the language of the request."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from flask import Flask
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup, escape

from indexer import name_of, texts

_TAGS = {texts.CHINESE: "zh-Hans", texts.ENGLISH: "en"}


def language() -> str:
    """The language of this request: the one place where it is chosen."""
    return texts.CHINESE


def language_tag() -> str:
    """It as HTML and HTTP write it."""
    return _TAGS[language()]


def shown(message: str, /, **params: object) -> Markup:
    """A text for a template: its markup is ours, its parameters are escaped."""
    return _filled(texts.gettext(message), params) if params else _whole(language(), message)


@lru_cache(maxsize=1024)
def _whole(language: str, message: str) -> Markup:
    """A text without parameters; a page has a hundred."""
    return Markup(texts.gettext(message))


def counted(message: str, count: int, /, **params: object) -> Markup:
    """A text that depends on a number, %(count)s in it."""
    return _filled(texts.counted(message, count), {"count": count, **params})


def _filled(text: str, params: Mapping[str, object]) -> Markup:
    return Markup(text % {name: escape(texts.joined(value) if isinstance(value, list) else value) for name, value in params.items()})


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
