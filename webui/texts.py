"""Texts of the pages, in the language of the request: Chinese, or English where somebody asks for it.

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
"""The argument of every address that asks for a language, and the cookie that remembers it."""
LANGUAGES = {"zh-Hans": "中文", "en": "English"}
"""What each language calls itself, by its tag in HTML and HTTP."""
_CATALOGUES = {"zh-Hans": texts.CHINESE, "zh": texts.CHINESE, "en": texts.ENGLISH}
REMEMBERED = 365 * 24 * 3600
"""Seconds for which a browser keeps the language that was chosen."""


class InLanguage(Request):
    """A request whose language is settled before a view sees its arguments."""

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """The arguments but the language, which is no view's."""
        received = super().args
        if LANG not in received:
            return received
        return ImmutableMultiDict([(name, value) for name, value in received.items(multi=True) if name != LANG])

    @cached_property
    def languages(self) -> list[str]:
        """The tags in the address: one, if it is right."""
        arguments = [part.partition("=") for part in self.query_string.decode("ascii", "replace").split("&")]
        return [unquote_plus(value) for name, _, value in arguments if value and unquote_plus(name) == LANG]


def chosen() -> str:
    """The catalogue of this request: as its address says, else as an earlier one did, else as the browser prefers, else Chinese."""
    return next((_CATALOGUES[tag] for tag in _wanted() if tag in _CATALOGUES), texts.CHINESE)


def _wanted() -> Iterator[str]:
    """The tags that a client may mean, one after another: what settles it is read first, and the rest of the request not at all."""
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
    """It as HTML and HTTP write it."""
    return language().replace("_", "-")


def chinese() -> Markup:
    """The attribute of an element that holds text of reports, where the page itself is in another language."""
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
    """A text for a template: its markup is ours, its parameters are escaped; of a tuple all, the marks between them put in."""
    return _short_or_made(message, None, _escaped(params)) if params else _made(language(), message, None, ())


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
    return tuple(
        (name, Markup(texts.joined(tuple(map(escape, value)))) if isinstance(value, tuple) else escape(value))
        for name, value in params.items()
    )


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
        if request.endpoint != "static":
            reply.headers["Vary"] = "Accept-Language, Cookie"
        if _request().languages and reply.status_code == 200 and reply.mimetype == "text/html":
            reply.set_cookie(LANG, language_tag(), max_age=REMEMBERED, path=f"{app.config['PREFIX']}/", httponly=True, samesite="Lax")
        return reply
