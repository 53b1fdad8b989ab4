"""The engine for one machine: Whoosh stores, numpy answers. The only package that imports whoosh.

Whoosh keeps the schema, the segments and their table of contents. The content of a segment is one file of arrays (`segments`),
which a codec of our own shows to Whoosh's Searcher (`codec`) and which is evaluated with array operations (`evaluate`). An index
is a series of sealed generations (`generations`).
"""
