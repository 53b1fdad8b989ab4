"""The texts of the OpenAPI description that the pages about the API show, extracted for `make texts`; for developers, needs Babel."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any, cast

from babel.messages.extract import extract_python

from webui.json_schema import Schema
from webui.openapi import describe

_Message = tuple[int, str | None, Any, list[str]]
"""Line, function, text or texts, comments, as Babel expects them."""


def extract(file: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Any) -> Iterator[_Message]:
    """A Babel extractor for `openapi.py`: the texts in its source, then each text of the description that it makes."""
    yield from cast(Iterator[_Message], extract_python(file, keywords, comment_tags, options))
    for text in dict.fromkeys(texts_of(describe())):
        yield 0, None, text, []


def texts_of(described: Schema) -> Iterator[str]:
    """The English texts on the API, its operations, parameters, shapes and fields; not on its replies: the pages show only their codes."""
    yield described["info"]["description"]
    for path, methods in described["paths"].items():
        for operation in methods.values():
            # The pages name a file by its form, not by its summary.
            if path.rpartition(".")[0] not in described["paths"]:
                yield operation["summary"]
            yield from (parameter["description"] for parameter in operation.get("parameters", ()))
    for shape in described["components"]["schemas"].values():
        yield shape["description"]
        yield from (field["description"] for field in shape["properties"].values() if "description" in field)
