"""The layout of a segment's values in one mapped file: posting lists, positions, columns, stored texts."""
