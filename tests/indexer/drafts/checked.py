"""Drafts checked against what is known of them."""

from dataclasses import replace

from indexer.drafts import Background, check
from indexer.facts.editions import Editions
from indexer.facts.slips import Names
from indexer.search.beside_drafts import BesideDrafts
from tests.indexer.drafts.made import RULES

NAMES = Names(RULES)
EDITIONS = Editions([*RULES, "行政处罚法（2021年修订）", "行政复议法（2023年修订）", "优化营商环境评价指南（2020年版）"])


def slip_of(name):
    near = sorted(NAMES.near(name))
    return (near[0], 9) if near else None


def later_edition_of(name, year):
    later = EDITIONS.later_than(name, year)
    return (later, 9) if later else None


def checked(draft, previous=None, others=None):
    report = draft.report()
    known = Background.of(report)
    background = Background(known.unit, known.year, (), previous.report() if previous else None, slip_of, later_edition_of)
    if others is not None:
        beside = BesideDrafts(others, known.unit.id if known.unit else None)
        background = replace(background, copies_of=beside.copies_of, ended_in=beside.ended_in)
    return report, check(report, background)
