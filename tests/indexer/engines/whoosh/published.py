"""Small indexes, published one generation after another, and what stands in them."""

from pathlib import Path

from indexer import build_index, open_index
from tests.support import one_report


def publish(place, *texts):
    return build_index(place, [one_report(text, id=f"r{number}") for number, text in enumerate(texts)])


def total(place, query="法治"):
    with open_index(place) as index:
        return index.search(query, kinds=["paragraph"]).total.paragraphs


def live(place) -> Path:
    return place / "generations" / (place / "CURRENT").read_text()


def cut(path):
    path.write_bytes(path.read_bytes()[:-1])
