"""How a query tree, its filters and its scores are worked out over the arrays of all segments."""
