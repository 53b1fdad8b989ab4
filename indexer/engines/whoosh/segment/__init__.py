"""Segments as Whoosh knows them: schema, codec, table of contents, and the contents of a segment's file."""
