"""Texts of the pages, in the language of the request: Chinese, or English if somebody asks for it.

The texts of reports stay as they are; `chinese` marks them for browsers and screen readers on a page in another language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from urllib.parse import quote, unquote_plus, urlencode

from flask import Flask, Request, Response, request
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup, escape
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.utils import cached_property

from indexer import InvalidRequest, Problem, name_of, texts

LANG = "lang"
"""The argument that chooses a language in any address, and the cookie that remembers the choice."""
LANGUAGES = {"zh-Hans": "中文", "en": "English"}
"""The name of each language in itself, by its tag in HTML and HTTP."""
_CATALOGUES = {"zh-Hans": texts.CHINESE, "zh": texts.CHINESE, "en": texts.ENGLISH}
REMEMBERED = 365 * 24 * 3600
"""Seconds for which a browser keeps the language that was chosen."""


class InLanguage(Request):
    """A request that takes the language out of its arguments before a view sees them."""

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """The arguments without the language, which concerns no view."""
        received = super().args
        if LANG not in received:
            return received
        return ImmutableMultiDict([(name, value) for name, value in received.items(multi=True) if name != LANG])

    @cached_property
    def languages(self) -> list[str]:
        """The language tags in the address; a valid one has at most one."""
        arguments = [part.partition("=") for part in self.query_string.decode("ascii", "replace").split("&")]
        return [unquote_plus(value) for name, _, value in arguments if value and unquote_plus(name) == LANG]


def chosen() -> str:
    """The catalogue of this request: the one its address asks for, else an earlier one did, else the browser prefers, else Chinese."""
    return next((_CATALOGUES[tag] for tag in _wanted() if tag in _CATALOGUES), texts.CHINESE)


def _wanted() -> Iterator[str]:
    """The tags that a client may mean, by precedence; lazy, so that nothing is read of the request after the tag that decides."""
    yield from _request().languages
    yield request.cookies.get(LANG, "")
    for tag in request.accept_languages.values():
        yield tag.partition("-")[0].lower()


def _request() -> InLanguage:
    assert isinstance(request, InLanguage)
    return request


def language() -> str:
    """The catalogue that this request is answered from."""
    return texts.spoken()


def language_tag() -> str:
    """The language of this request as HTML and HTTP write it."""
    return language().replace("_", "-")


def chinese() -> Markup:
    """The `lang` attribute of an element with text of reports; empty if the page itself is in Chinese."""
    return Markup("") if language() == texts.CHINESE else Markup(' lang="zh-Hans"')


def other_languages() -> list[tuple[str, str, str]]:
    """The tag and name of every language but this one, and the address of this page in it."""
    rest = [*request.args.items(multi=True)]
    return [
        (tag, name, f"{quote(request.path)}?{urlencode([*rest, (LANG, tag)])}") for tag, name in LANGUAGES.items() if tag != language_tag()
    ]


def as_asked(url: str) -> str:
    """An address of this site, with the language that the address of this request asks for, if any."""
    arguments = urlencode([(LANG, tag) for tag in _request().languages])
    return f"{url}{'&' if '?' in url else '?'}{arguments}" if arguments else url


def shown(message: str, /, **params: object) -> Markup:
    """A text for a template: its own markup is trusted, its parameters are escaped; a tuple is joined by the separator of the language."""
    return _short_or_made(message, None, _escaped(params)) if params else _made(language(), message, None, ())


def counted(message: str, count: int, /, **params: object) -> Markup:
    """A text that depends on a number, %(count)s in it."""
    return _short_or_made(message, count, _escaped({"count": count, **params}))


LONGEST_CACHED = 100
"""Characters of a parameter; a text with a longer one is not cached, so that what readers type cannot make the cache grow past some MB."""


def _short_or_made(message: str, count: int | None, params: tuple[tuple[str, Markup], ...]) -> Markup:
    is_short = all(len(value) <= LONGEST_CACHED for _, value in params)
    return (_made if is_short else _made.__wrapped__)(language(), message, count, params)


def _escaped(params: Mapping[str, object]) -> tuple[tuple[str, Markup], ...]:
    # Before the cache, which cannot tell a text from the same text as Markup.
    return tuple(
        (name, Markup(texts.joined(tuple(map(escape, value)))) if isinstance(value, tuple) else escape(value))
        for name, value in params.items()
    )


@lru_cache(maxsize=4096)
def _made(language: str, message: str, count: int | None, params: tuple[tuple[str, Markup], ...]) -> Markup:
    """Cached, since a page has a hundred texts, and the same years and days come again and again."""
    text = texts.gettext(message) if count is None else texts.counted(message, count)
    return Markup(text % dict(params) if params else text)


def for_scripts() -> Markup:
    """The texts that scripts show, as JSON."""
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
    """Give templates their texts, choose the language of each request, and remember a choice."""
    app.jinja_env.globals |= {
        "_": shown,
        "counted": counted,
        "name_of": name_of,
        "language_tag": language_tag,
        "texts_for_scripts": for_scripts,
    }

    app.request_class = InLanguage
    app.jinja_env.globals |= {"chinese": chinese, "other_languages": other_languages}

    @app.before_request
    def choose() -> None:
        texts.speak(chosen())
        tags = _request().languages
        if len(tags) > 1:
            raise InvalidRequest(Problem(LANG, "only-once", name=LANG))
        for tag in tags:
            if tag not in _CATALOGUES:
                raise InvalidRequest(Problem(LANG, "no-choice", value=tag, known=tuple(LANGUAGES)))

    @app.after_request
    def remember(reply: Response) -> Response:
        if request.endpoint != "static" or reply.status_code >= 400:
            reply.headers["Vary"] = "Accept-Language, Cookie"
        if _request().languages and reply.status_code == 200 and reply.mimetype == "text/html":
            reply.set_cookie(LANG, language_tag(), max_age=REMEMBERED, path=f"{app.config['PREFIX']}/", httponly=True, samesite="Lax")
        return reply
