"""Finds the tables formed by lines drawn on a page. Pure; used for OFD and scans."""

from __future__ import annotations

from collections.abc import Sequence

from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

from indexer.loaders.sheets import Box

MAX_RULES = 3_000
"""More lines than this on a page are a drawing, not a table."""


def ruled_tables(rules: Sequence[Box]) -> list[list[list[Box | None]]]:
    """The tables formed by horizontal and vertical lines, each as rows of cells; None for a cell covered by a spanning one."""
    if not 4 <= len(rules) <= MAX_RULES:
        return []
    edges = [
        {
            "x0": x0,
            "x1": x1,
            "top": top,
            "bottom": bottom,
            "width": x1 - x0,
            "height": bottom - top,
            "orientation": "h" if x1 - x0 > bottom - top else "v",
        }
        for x0, top, x1, bottom in rules
    ]
    merged = merge_edges(edges, 3, 3, 3, 3)
    cells = intersections_to_cells(edges_to_intersections(merged, 3, 3))
    tables = [_rows(table) for table in cells_to_tables(cells)]
    return [rows for rows in tables if len(rows[0]) > 1]


def _rows(cells: Sequence[Box]) -> list[list[Box | None]]:
    at = {(top, left): (left, top, right, bottom) for left, top, right, bottom in cells}
    return [[at.get((top, left)) for left in sorted({left for _, left in at})] for top in sorted({top for top, _ in at})]
