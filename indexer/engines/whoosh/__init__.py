"""Whoosh holds, numpy answers: the engine for one machine. The only package that imports whoosh.

Whoosh keeps the schema, the segments and their table of contents. What a segment holds is one file of arrays (`segments`), which
a codec of our own shows to Whoosh's Searcher (`codec`), and which is evaluated with array operations (`evaluate`). An index is a
row of sealed generations (`generations`).
"""
