"""Makes `fold.tsv`, the table of code points that fold to another one; to be run when Unicode or OpenCC add new ones.

`python -m indexer.analysis.fold_table` rewrites the file. It needs the `dev` extra (opencc, regex) and perl, whose
copy of the Unicode database is the one at hand with Equivalent_Unified_Ideograph. The product reads only the file.
A changed file changes what an index holds: raise `FOLD_VERSION` with it.
"""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from pathlib import Path

PATH = Path(__file__).with_name("fold.tsv")
FULL_WIDTH = range(0xFF01, 0xFF5F)
COMPATIBILITY_IDEOGRAPHS = (*range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20))
RADICALS = range(0x2E80, 0x2FE0)
_PERL = """
use Unicode::UCD qw(prop_invmap);
my ($starts, $values) = prop_invmap("EqUIdeo");
for my $i (0 .. $#$starts) {
  next unless $values->[$i];
  my $next = $i < $#$starts ? $starts->[$i + 1] : $starts->[$i] + 1;
  printf "%d %d\\n", $_, $values->[$i] + $_ - $starts->[$i] for $starts->[$i] .. $next - 1;
}
"""


def unified_ideographs() -> dict[int, int]:
    """Maps radicals and compatibility ideographs to unified ones: Equivalent_Unified_Ideograph and canonical decomposition."""
    lines = subprocess.run(["perl", "-e", _PERL], capture_output=True, text=True, check=True).stdout.splitlines()
    pairs = (map(int, line.split()) for line in lines)
    unified = {code: to for code, to in pairs if code in RADICALS}
    for code in (*COMPATIBILITY_IDEOGRAPHS, *RADICALS):
        plain = unicodedata.normalize("NFKC", chr(code))
        if plain != chr(code) and len(plain) == 1:
            unified.setdefault(code, ord(plain))
    return unified


def build() -> dict[int, int | None]:
    """Maps every code point that changes to its fold; None if it is dropped."""
    import opencc
    import regex

    simplify = opencc.OpenCC("t2s").convert
    ignorable = regex.compile(r"\p{Default_Ignorable_Code_Point}")
    unified = unified_ideographs()
    table: dict[int, int | None] = {}
    for code in range(sys.maxunicode + 1):
        if 0xD800 <= code < 0xE000:
            continue
        if ignorable.match(chr(code)):
            table[code] = None
            continue
        char = chr(code - 0xFEE0) if code in FULL_WIDTH else chr(unified.get(code, code))
        # Python lowercases İ to two characters; its simple lower case in UnicodeData is i.
        char = char.lower()[0]
        simple = simplify(char)
        char = simple if len(simple) == 1 else char
        if ord(char) != code:
            table[code] = ord(char)
    return table


def main() -> None:
    """Write the table, one line per run of code points: first, last, and the fold of the first, or `-` for dropped."""
    lines = []
    start = previous = -2
    to: int | None = None
    for code, folded in [*sorted(build().items()), (-1, None)]:
        follows = code == previous + 1 and (folded is None) == (to is None) and (folded is None or folded - code == (to or 0) - start)
        if not follows:
            if start >= 0:
                lines.append(f"{start:X}\t{previous:X}\t{'-' if to is None else format(to, 'X')}\n")
            start, to = code, folded
        previous = code
    PATH.write_text("".join(lines), encoding="ascii")


if __name__ == "__main__":
    main()
