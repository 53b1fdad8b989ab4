"""What reports say of the year before, held against that year's report."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import Report, SearchRequest, open_index
from indexer.cli import main
from indexer.last_year import beside_last_year, claims_of, figures_of

CODES = ("last-year-disagrees", "last-year-agrees")


def report(year, *texts, id=None):
    blocks = [(("一、主要举措",), text) for text in texts]
    return Report.from_blocks(id=id or f"r{year}", title=f"彰武县人民政府{year}年法治政府建设情况报告", year=year, blocks=blocks)


def said(text, *last_year):
    """Codes and, of disagreements, what last year's report gives."""
    figures = [figure for one in last_year for figure in figures_of(report(2022, one))]
    remarks = beside_last_year(report(2023, text), figures).remarks
    return [(remark.code.removeprefix("last-year-"), remark.params.get("computed")) for remark in remarks if remark.code in CODES]


AGREES = [("agrees", None)]


@pytest.mark.parametrize(
    ("text", "last_year", "found"),
    [
        ("受理行政复议案件112件，同比上升12.0%。", "受理行政复议案件100件。", AGREES),
        ("受理行政复议案件112件，同比上升12%。", "受理行政复议案件100件。", AGREES),
        ("受理行政复议案件112件，同比上升15%。", "受理行政复议案件100件。", [("disagrees", "12%")]),
        ("受理行政复议案件112件，同比下降12%。", "受理行政复议案件100件。", [("disagrees", "12%")]),
        ("受理行政复议案件88件，同比下降12%。", "受理行政复议案件100件。", AGREES),
        ("受理行政复议案件88件，较上年减少12件。", "受理行政复议案件100件。", AGREES),
        ("受理行政复议案件88件，比去年减少10件。", "受理行政复议案件100件。", [("disagrees", "-12件")]),
        ("受理行政复议案件103件，较2022年增加3件。", "受理行政复议案件100件。", AGREES),
        ("受理行政复议案件103件，较2021年增加9件。", "受理行政复议案件100件。", []),
        ("行政诉讼败诉率8.4%，同比下降1.1个百分点。", "行政诉讼败诉率9.5%。", AGREES),
        ("行政诉讼败诉率8.4%，同比下降2.1个百分点。", "行政诉讼败诉率9.5%。", [("disagrees", "-1.1个百分点")]),
        ("行政诉讼败诉率8.4%，同比下降1.1%。", "行政诉讼败诉率9.5%。", AGREES),
        ("收到行政复议申请113件，较2022年58件增加了55件。", "收到行政复议申请58件。", [("agrees", None)]),
        ("收到行政复议申请113件，较2022年58件增加了55件。", "收到行政复议申请60件。", [("disagrees", "60件"), ("disagrees", "53件")]),
        # The same indicator in other words.
        ("受理行政复议案件112件，同比上升12%。", "行政复议受理100件。", AGREES),
        # Numbers that were rounded where they were printed.
        ("接待群众1.2万人次，同比增长20%。", "接待群众9960人次。", AGREES),
        ("接待群众1.2万人次，同比增长40%。", "接待群众9960人次。", [("disagrees", "20%")]),
        # Nothing to compare with, or nothing that may be compared.
        ("受理行政复议案件112件，同比上升12%。", "受理行政复议案件近100件。", []),
        ("受理行政复议案件112件，同比上升12%。", "受理行政复议案件0件。", []),
        ("受理行政复议案件近112件，同比上升15%。", "受理行政复议案件100件。", []),
        ("受理行政复议案件112件，环比上升15%。", "受理行政复议案件100件。", []),
        ("受理行政复议案件112件，同比上升12%。", "开展法治讲座100场。", []),
        # Several figures of last year: one that agrees is enough, and of several others none is held against it.
        ("受理行政复议案件112件，同比上升12%。", "受理行政复议案件100件。乡镇受理行政复议案件20件。受理行政复议案件90件。", AGREES),
        ("受理行政复议案件112件，同比上升15%。", "受理行政复议案件100件。受理行政复议案件90件。", []),
    ],
)
def test_a_stated_change_beside_last_years_figure(text, last_year, found):
    assert said(text, last_year) == found


def test_without_last_years_report_nothing_is_said():
    assert said("受理行政复议案件112件，同比上升15%。") == []


def test_a_remark_says_where_last_years_figure_stands():
    figures = figures_of(report(2022, "受理行政复议案件100件。"))
    (remark,) = beside_last_year(report(2023, "受理行政复议案件112件，同比上升15%。"), figures).remarks
    assert remark.params == {
        "passage": "1.p1", "stated": "受理行政复议案件同比15%", "year": 2022, "then": "受理行政复议案件100件", "held": "r2022~1.p1",
        "computed": "12%",
    }  # fmt: skip
    assert remark.look


def test_comparing_again_takes_the_place_of_what_was_said_before():
    figures = figures_of(report(2022, "受理行政复议案件100件。"))
    once = beside_last_year(report(2023, "受理行政复议案件112件，同比上升15%。"), figures)
    assert beside_last_year(once, figures) == once
    assert beside_last_year(once, []).remarks == report(2023, "受理行政复议案件112件，同比上升15%。").remarks


NOUNS = [
    ("受理行政复议案件", "件"),
    ("办理法律援助案件", "件"),
    ("审查规范性文件", "件"),
    ("排查矛盾纠纷", "件"),
    ("培训执法人员", "人次"),
    ("发放宣传资料", "份"),
]
RATES = ["行政复议纠错率", "行政诉讼败诉率", "网上可办率", "行政机关负责人出庭应诉率"]


def two_years(chance):
    """The texts of two reports that agree, however changes are said."""
    last, this = [], []
    for noun, unit in NOUNS:
        then, now = chance.randint(1, 5000), chance.randint(1, 5000)
        last.append(f"{noun}{then}{unit}。")
        digits = chance.randint(0, 2)
        share = abs(now - then) / then * 100
        did = ("增加", "增长") if now >= then else ("减少", "下降")
        since = chance.choice(["同比", "较上年", "比上年", "较2022年", "比去年"])
        by = [
            f"{since}{did[0]}{abs(now - then)}{unit}",
            f"{since}{did[1]}{share:.{digits}f}%",
            f"较2022年{then}{unit}{did[0]}了{abs(now - then)}{unit}",
        ]
        this.append(f"{noun}{now}{unit}，{chance.choice(by)}。")
    for rate in RATES:
        then, now = chance.randint(0, 1000), chance.randint(0, 1000)
        last.append(f"{rate}{then / 10}%。")
        this.append(f"{rate}{now / 10}%，同比{'上升' if now >= then else '下降'}{abs(now - then) / 10:.1f}个百分点。")
    return last, this


@given(st.randoms(use_true_random=False))
def test_true_changes_give_no_disagreement_and_planted_ones_do(chance):
    last, this = two_years(chance)
    before, now = report(2022, *last), report(2023, *this)
    remarks = {remark.code: remark for remark in beside_last_year(now, figures_of(before)).remarks}
    assert "last-year-disagrees" not in remarks, (last, this)
    assert remarks["last-year-agrees"].params["count"] == len(claims_of(now)) >= len(NOUNS) + len(RATES)
    planted = report(2023, *this[:-1], "行政机关负责人出庭应诉率250.0%，同比上升1.0个百分点。")
    assert "last-year-disagrees" in {remark.code for remark in beside_last_year(planted, figures_of(before)).remarks}


TEXTS = {
    "2021.txt": "受理行政复议案件80件。",
    "2022.txt": "受理行政复议案件100件，同比上升25%。",
    "2023.txt": "受理行政复议案件112件，同比上升15%。",
    "2023-法库县.txt": "受理行政复议案件50件，同比上升15%。",
}


def write(folder, name, text):
    county = "法库县" if "法库" in name else "彰武县"
    body = f"{county}人民政府{name[:4]}年法治政府建设情况报告\n\n一、主要举措\n\n{text}\n"
    (folder / name).write_text(body, encoding="utf-8")


def index(folder, location, *options):
    main([str(folder), "--index", str(location), "--json", *options])


def compared(location):
    with open_index(location) as opened:
        return {
            one.path.partition("/")[2]: [
                (remark.code.removeprefix("last-year-"), remark.closed) for remark in one.remarks if remark.code in CODES
            ]
            for one in opened.reports(SearchRequest())
        }


@pytest.fixture(params=["folder", "cluster"])
def location(request, tmp_path):
    return tmp_path / "index" if request.param == "folder" else request.getfixturevalue("places")()


def test_comparisons_follow_last_years_report(tmp_path, location, capsys):
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name in ("2023.txt", "2023-法库县.txt"):
        write(folder, name, TEXTS[name])
    index(folder, location)
    assert compared(location) == {"2023.txt": [], "2023-法库县.txt": []}
    capsys.readouterr()
    write(folder, "2022.txt", TEXTS["2022.txt"])
    index(folder, location)
    summary = json.loads(capsys.readouterr().out)
    assert (summary["added"], summary["changed"], summary["unchanged"]) == (1, 1, 1)
    assert compared(location)["2023.txt"] == [("disagrees", False)]
    write(folder, "2022.txt", "受理行政复议案件97件，同比上升25%。")
    index(folder, location)
    assert compared(location)["2023.txt"] == [("agrees", False)]
    (folder / "2022.txt").unlink()
    index(folder, location)
    assert compared(location) == {"2023.txt": [], "2023-法库县.txt": []}


def test_neither_order_nor_earlier_runs_matter(tmp_path, capsys):
    folder = tmp_path / "corpus"
    folder.mkdir()
    chance = random.Random(5)
    for _ in range(3):
        for name in chance.sample(list(TEXTS), len(TEXTS)):
            if chance.random() < 0.6:
                write(folder, name, chance.choice([TEXTS[name], TEXTS[name].replace("1", "2")]))
            else:
                (folder / name).unlink(missing_ok=True)
        write(folder, "2020.txt", "加强领导。")
        index(folder, tmp_path / "index")
        index(folder, tmp_path / "anew", "--full")
        found = compared(tmp_path / "index")
        assert found == compared(tmp_path / "anew")
    index(folder, tmp_path / "index")
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["changed"] == 0


def test_what_somebody_looked_at_stays_closed(tmp_path, capsys):
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name in ("2022.txt", "2023.txt"):
        write(folder, name, TEXTS[name])
    (folder / "checked.csv").write_text("path,code\n2023.txt,last-year-disagrees\n", encoding="utf-8")
    index(folder, tmp_path / "index")
    assert "is checked, but" not in capsys.readouterr().err
    assert compared(tmp_path / "index")["2023.txt"] == [("disagrees", True)]
