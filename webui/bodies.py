"""Read the body of a request: the arguments of a form, or a text as text/plain or JSON."""

from __future__ import annotations

import codecs
from collections.abc import Callable

import msgspec
from flask import request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import UnsupportedMediaType

from indexer import InvalidRequest, Problem

ENCODINGS = frozenset({"utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "ascii", "iso8859-1", "gb2312", "gbk", "gb18030", "big5"})
"""Encodings that a text may be sent in. Some others that Python knows decode no text, and punycode takes 20 seconds for 240 kB."""

BYTES_A_CHARACTER = 12
"""The most bytes that a character takes in a body, where JSON or a form escapes it."""

NO_JSON = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""Raised when a client's JSON cannot be read. The last one is raised for deep nesting, also inside a key that is not used."""


def expect_files(most_bytes: int, beside: int) -> int:
    """Limit the body to `most_bytes` of files and `beside` bytes of other fields; to `beside` if it is no form with files.

    Any other form is parsed in memory: 18 MB of `file=%41%41…` took three seconds and 1.4 GB.

    Returns:
        The limit in bytes.
    """
    most = beside + (most_bytes if request.mimetype == "multipart/form-data" else 0)
    request.max_content_length = most
    return most


def arguments(most_bytes: int, of_other: Callable[[], MultiDict[str, str]]) -> MultiDict[str, str]:
    """The arguments of the address and of the body.

    Args:
        most_bytes: The most bytes that the body may have.
        of_other: Reads the arguments of a body that is no form.
    """
    request.max_content_length = most_bytes
    found = MultiDict(request.args.items(multi=True))
    if request.method == "POST":
        is_form = request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data")
        found.update(MultiDict(request.form.items(multi=True)) if is_form else of_other())
    return found


def plain_text(name: str) -> str:
    """The text of a body that is text/plain or has no Content-Type.

    Args:
        name: The argument that the text stands for, which errors name.

    Raises:
        InvalidRequest: The body cannot be decoded, or its charset is none of `ENCODINGS`.
        UnsupportedMediaType: The body has another Content-Type.
    """
    if request.mimetype not in ("", "text/plain"):
        raise UnsupportedMediaType
    try:
        return request.get_data(cache=False).decode(_encoding(request.mimetype_params.get("charset", "utf-8")))
    except (UnicodeDecodeError, LookupError) as error:
        raise InvalidRequest(Problem(name, "not-text", name=name)) from error


def text_of_body() -> str:
    """The text of a body that is text/plain, or JSON `{"text"}`.

    Raises:
        InvalidRequest: The body cannot be decoded, or is JSON of another form.
        UnsupportedMediaType: The body has another Content-Type.
    """
    if request.mimetype != "application/json":
        return plain_text("text")
    try:
        return msgspec.json.decode(request.get_data(cache=False), type=_Body).text
    except NO_JSON as error:
        raise InvalidRequest(Problem("text", "no-text-in-json")) from error


class _Body(msgspec.Struct):
    """A text as JSON."""

    text: str


def _encoding(charset: str) -> str:
    """Python's name of the encoding that a client names.

    Raises:
        LookupError: It is none of `ENCODINGS`.
    """
    try:
        name = codecs.lookup(charset).name
    except ValueError as error:
        raise LookupError(charset) from error
    if name not in ENCODINGS:
        raise LookupError(charset)
    return name
