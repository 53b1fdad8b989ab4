"""What a line of a report tells about its structure: heading numbers, 一是-items, standard parts. Pure functions on strings."""

from indexer.outline.items import Item, find_items, item_label
from indexer.outline.numbers import HeadingNumber, chinese_number, read_number
from indexer.outline.parts import FIRST_RESPONSIBLE, OTHER_PART, PLANS, PROBLEMS, PROBLEMS_AND_PLANS, STANDARD_PARTS, part_of
from indexer.outline.plain import plain
from indexer.outline.sentences import sentences
from indexer.outline.words import words

__all__ = [
    "FIRST_RESPONSIBLE",
    "OTHER_PART",
    "PLANS",
    "PROBLEMS",
    "PROBLEMS_AND_PLANS",
    "STANDARD_PARTS",
    "HeadingNumber",
    "Item",
    "chinese_number",
    "find_items",
    "item_label",
    "part_of",
    "plain",
    "read_number",
    "sentences",
    "words",
]
