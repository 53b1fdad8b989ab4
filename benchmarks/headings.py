"""How many of the first ten hits are headings or titles, over the 200 most frequent words: `python -m benchmarks.headings [--index URL]`.

Without an index, 442 generated reports are used. "alone" counts the hits that are shown without a sentence from below.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.made import made_reports
from indexer import Index, Kind, SearchRequest, build_index, fold, open_index
from indexer.analysis.words import cut

TERMS = 200


def frequent_words(index: Index) -> list[str]:
    """The most frequent words of two or more characters, by number of passages."""
    counts: Counter[str] = Counter()
    for listed in index.reports(SearchRequest()):
        for passage in index.report(listed.id).passages:
            counts.update({word for word in cut(fold(passage.text)) if len(word) > 1 and word.isalpha()})
    return [word for word, _ in counts.most_common(TERMS)]


def main() -> None:
    parser = argparse.ArgumentParser(allow_abbrev=False, description=__doc__)
    parser.add_argument("--index", help="an index instead of made reports")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        location = args.index or str(Path(scratch, "index"))
        if args.index is None:
            build_index(location, made_reports(442))
        with open_index(location) as index:
            headings = alone = 0
            words = frequent_words(index)
            for word in words:
                hits = index.search(word, per_page=10, collapse=True).hits
                bare = [hit for hit in hits if hit.kind is not Kind.PARAGRAPH]
                around = index.around(bare)
                headings += len(bare)
                alone += sum(not (hit.id in around and around[hit.id].below) for hit in bare)
    print(
        f"of the first ten hits {headings / len(words):.2f} are headings or titles, {alone / len(words):.2f} alone, over {len(words)} words"
    )


if __name__ == "__main__":
    main()
