"""Whoosh holds, numpy answers: the engine for one machine. The only package that imports whoosh.

Whoosh keeps the schema, the segments and their table of contents, the term dictionary and the stored fields. Postings
go through a codec of our own as plain arrays (`codec`), are written a term at a time (`segments`), and are evaluated
with array operations (`evaluate`). An index is a row of sealed generations (`generations`).
"""

from indexer.engines.whoosh.engine import WhooshEngine
from indexer.engines.whoosh.writer import WhooshWriter

__all__ = ["WhooshEngine", "WhooshWriter"]
