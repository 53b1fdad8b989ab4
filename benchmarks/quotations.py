"""What it takes of the processor to check the quotations of the longest texts that may be checked, of every kind that was found dear.

`python -m benchmarks.quotations --texts TEXTS.jsonl.gz [--passages 20000]`, or `--index FOLDER`. Prints for each kind milliseconds of the
library, of the JSON and of the page: the first time, and the best of three later.
"""

from __future__ import annotations

import argparse
import gc
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from benchmarks.worst import opened, passages_of
from indexer import LONGEST_VERIFIED, Index, open_index
from indexer.outline import sentences
from indexer.quotations import MOST_PIECES
from webui import create_app
from webui.server import COLLECT_AFTER

TIMES = 3
MARKS = str.maketrans("", "", '“”「」『』"\n')


def _sentences(texts: Iterable[str]) -> list[str]:
    """Those of 12 to 200 characters."""
    found = (text[start:end].translate(MARKS) for text in texts for start, end in sentences(text))
    return [one for one in found if 12 <= len(one) <= 200]


def _joined(pieces: Iterable[str], *, quoted: bool) -> str:
    """As many of these pieces as may be checked, as they are or as quotations."""
    text = ""
    for number, piece in enumerate(f"“{piece}”" if quoted else piece for piece in pieces):
        if number == MOST_PIECES or len(text) + len(piece) > LONGEST_VERIFIED:
            break
        text += piece
    return text


class Kinds:
    """Texts of each kind, made of what an index holds."""

    def __init__(self, index: Index, seed: int) -> None:
        self._chance = random.Random(seed)
        sizes = passages_of(index)
        self._reports = {id: [passage.text for passage in index.report(id).passages] for id in sizes}
        self._long = max(sizes, key=sizes.__getitem__)
        self._all = [text for texts in self._reports.values() for text in texts]
        self._chars = [char for text in self._all for char in text if "\u4e00" <= char <= "\u9fff"]
        self._some = _sentences(self._chance.sample(self._all, min(5_000, len(self._all))))

    def _wrong(self, text: str) -> str:
        """A text with a character in nine replaced."""
        chars = list(text)
        for at in range(self._chance.randrange(9), len(chars), 9):
            chars[at] = self._chance.choice(self._chars)
        return "".join(chars)

    def _cuts(self, least: int, most: int) -> Iterator[str]:
        while True:
            sentence, length = self._chance.choice(self._some), self._chance.randint(least, most)
            if len(sentence) >= length:
                start = self._chance.randrange(len(sentence) - length + 1)
                yield sentence[start : start + length]

    def _frequent(self, length: int, count: int) -> list[str]:
        counts = Counter(text[at : at + length] for text in self._all for at in range(len(text) - length + 1))
        return [part for part, _ in counts.most_common(4 * count) if all("\u4e00" <= char <= "\u9fff" for char in part)][:count]

    def texts(self) -> Iterator[tuple[str, str]]:
        """What each kind is, and its text."""
        yield "sentences of many reports", _joined(self._some, quoted=False)
        yield "sentences of many reports, wrong", _joined(map(self._wrong, self._some), quoted=False)
        of_one = _sentences(self._reports[self._long])
        yield "sentences of one report", _joined(of_one, quoted=False)
        yield "sentences of one report, wrong", _joined(map(self._wrong, of_one), quoted=False)
        yield "quotations of 20 to 42 characters", _joined(self._cuts(20, 42), quoted=True)
        yield "quotations of 6 to 18 characters", _joined(self._cuts(6, 18), quoted=True)
        yield "quotations of 6 to 16 characters, wrong", _joined(map(self._wrong, self._cuts(6, 16)), quoted=True)
        yield "quotations of 12 characters, wrong", _joined(map(self._wrong, self._cuts(12, 12)), quoted=True)
        six = self._frequent(6, MOST_PIECES)
        yield "six frequent characters", _joined(six, quoted=True)
        yield "six frequent characters, wrong", _joined(map(self._wrong, six), quoted=True)
        three = self._frequent(3, 60)
        yield "two times three with a comma between", _joined((f"{one}，{other}" for one in three for other in three), quoted=True)
        invented = ("".join(self._chance.choices(self._chars, k=self._chance.randint(18, 32))) for _ in range(MOST_PIECES))
        yield "invented", _joined(invented, quoted=True)


def _took(answer: Callable[[], object]) -> str:
    found = []
    for _ in range(TIMES + 1):
        start = time.process_time()
        answer()
        found.append((time.process_time() - start) * 1e3)
    return f"{found[0]:6.0f} {min(found[1:]):6.0f}"


def main() -> None:
    """See above."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)
    args, place, _ = opened(parser)
    # As a server has it.
    gc.set_threshold(*COLLECT_AFTER)
    client = create_app(place).test_client()
    with open_index(place) as index:
        print(f"{index.stats.passages} passages; ms of processor, the first time and later\n     library          JSON          page")
        for kind, text in Kinds(index, args.seed).texts():
            found = index.verify(text)
            library = _took(lambda text=text: index.verify(text))
            reply = _took(lambda text=text: client.post("/api/v1/verify", json={"text": text}).get_data())
            page = _took(lambda text=text: client.post("/verify", data={"text": text}).get_data())
            places = sum(len(piece.places) for piece in found.pieces)
            print(f"{library} {reply} {page}  {kind}: {len(found.pieces)} pieces, {places} places", flush=True)


if __name__ == "__main__":
    main()
