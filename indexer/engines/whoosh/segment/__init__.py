"""One segment as Whoosh knows it: schema, codec, table of contents, and what a segment's file consists of."""
