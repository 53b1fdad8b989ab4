"""Word's EQ fields, also those made to take long."""

import pytest

from indexer.loaders.equations import equation_text


@pytest.mark.parametrize(
    ("instruction", "text"),
    [
        (r"EQ \o\ac(○,一)", "一"),
        (r"eq \* jc2 \o\al(\s\up 9(zhang),张)", "张"),
        (r"eq \f(1,2)\r(3)", "1/2√3"),
        (r"eq \x\abc\f(1,2)", r"\x\abc1/2"),
        (r"eq \a \co2 \hs3 甲", r"\a \co2 \hs3 甲"),
        ("HYPERLINK", None),
    ],
)
def test_the_text_of_an_equation(instruction, text):
    assert equation_text(instruction) == text


@pytest.mark.parametrize("piece", ["\\sr", "\\hs3", "\\s ", "\\s1 "])
def test_many_switches_without_arguments_are_read(piece):
    switches = piece * (100_000 // len(piece))
    assert equation_text(f"eq {switches}") == " ".join(switches.split())
    assert equation_text(f"eq \\s{' ' * 100_000}x") == r"\s x"
