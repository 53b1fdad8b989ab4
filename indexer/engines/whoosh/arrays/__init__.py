"""How the values of a segment lie in one mapped file: posting lists, positions, stored texts."""
