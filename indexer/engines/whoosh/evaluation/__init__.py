"""Evaluates a query tree, filters and scores over the arrays of all segments."""
