import pytest

from indexer.parsing.dates import find_date, find_years, is_date
from indexer.parsing.identity import is_title, issuer_in, type_of, year_in_title
from indexer.parsing.labels import is_metadata, name_in, read_labels
from indexer.parsing.opening import title_in_opening, year_in_opening


@pytest.mark.parametrize(
    ("title", "issuer", "years", "type"),
    [
        ("阜新市人民政府关于2022年度法治政府建设情况的报告", "阜新市人民政府", (2022, 2022), "report"),
        ("关于2022年度法治政府建设情况的报告", None, (2022, 2022), "report"),
        ("关于阜蒙县2022年法治政府建设情况的报告", "阜蒙县", (2022, 2022), "report"),
        ("中共石岭县委 石岭县人民政府关于2021年度法治政府建设情况的报告", "中共石岭县委 石岭县人民政府", (2021, 2021), "report"),
        ("石岭县2023年上半年法治政府建设工作总结", "石岭县", (2023, 2023), "report"),
        ("石岭县二〇二〇年法治政府建设情况报告", "石岭县", (2020, 2020), "report"),
        ("2025 年石岭县法治政府建设年度报告", "石岭县", (2025, 2025), "report"),
        ("石岭县2021-2022年法治政府建设情况报告", "石岭县", (2021, 2022), "report"),
        ("石岭县法治政府建设年度报告（2022年）", "石岭县", (2022, 2022), "report"),
        ("石岭县社会工作部2022年法治建设工作情况", "石岭县社会工作部", (2022, 2022), "report"),
        ("石岭县委全面依法治县委员会办公室2022年法治政府建设报告", "石岭县委全面依法治县委员会办公室", (2022, 2022), "report"),
        ("石岭县关于《法治政府建设实施纲要（2021—2025年）》贯彻落实情况的报告", "石岭县", None, "report"),
        ("石岭县2022年法治政府建设工作要点", "石岭县", (2022, 2022), "plan"),
        ("关于印发《石岭县2023年法治政府建设工作要点》的通知", "石岭县", (2023, 2023), "plan"),
        ("石岭县法治政府建设实施方案（2021-2025年）", "石岭县", None, "plan"),
        ("《石岭县2022年法治政府建设情况报告》政策解读", "石岭县", (2022, 2022), "interpretation"),
        ("石岭县召开2022年法治政府建设推进会", "石岭县", (2022, 2022), "news"),
        ("石岭县发布2022年法治政府建设年度报告", "石岭县", (2022, 2022), "news"),
        ("石岭县人民政府2022年政府信息公开工作年度报告", "石岭县人民政府", (2022, 2022), "other"),
    ],
)
def test_a_title_names_issuer_year_and_kind(title, issuer, years, type):
    assert (issuer_in(title), year_in_title(title), type_of(title).value) == (issuer, years, type)


@pytest.mark.parametrize(
    ("opening", "years"),
    [
        ("2019年以来，我县成效明显，现将2021年法治政府建设情况报告如下。", (2021, 2021)),
        ("根据《法治政府建设实施纲要（2021-2025年）》，现将我县2020年度法治政府建设情况公布如下：", (2020, 2020)),
        ("2021年是“十四五”开局之年，石岭县深入推进。2019年以前", (2021, 2021)),
        ("2015年12月，纲要印发以来，我县深入推进。", None),
        ("今年以来，现将有关情况报告如下。", None),
    ],
)
def test_the_first_sentence_names_the_year(opening, years):
    assert year_in_opening(opening) == years


def test_the_first_sentence_names_the_report():
    assert title_in_opening("现将我县2020年度法治政府建设情况公布如下：") == "2020年度法治政府建设情况报告"
    assert title_in_opening("现将我县法治政府建设情况说明如下：") == "法治政府建设情况报告"
    assert title_in_opening("把法治政府建设工作说到群众心里。") is None


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2023-03-01", "2023-03-01"),
        ("2017年02月28日", "2017-02-28"),
        ("18.03.2015", "2015-03-18"),
        ("2023/3/1 9:00", "2023-03-01"),
        ("二○二三年十二月二十一日", "2023-12-21"),
        ("二〇二三年十月二十日", "2023-10-20"),
        ("二〇二三年三月九日", "2023-03-09"),
        ("20230301", "2023-03-01"),
        ("2023 年 3 月 1 日", "2023-03-01"),
        ("２０２３．３．１", "2023-03-01"),
        ("2023-02-30", None),
        ("202-3-1", None),
        ("1.3.202", None),
        ("2020301", None),
        ("0123-2023-00045", None),
        ("2023年3月", None),
    ],
)
def test_dates(text, date):
    assert find_date(text) == date
    assert is_date(text) or date is None


def test_a_plan_s_years_are_not_the_report_s():
    assert list(find_years("落实《纲要（2021—2025年）》和法治建设规划（2020-2025年），2022年")) == [(2022, 2022)]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("日期: 2019-03-28 浏览量:154 来源:北渡镇 文字大小:", {"日期": "2019-03-28", "浏览量": "154", "来源": "北渡镇", "文字大小": ""}),
        ("【发布日期】2021-03-04 【来源】石岭县司法局", {"发布日期": "2021-03-04", "来源": "石岭县司法局"}),
        ("时间：2021-03-04来源：石岭县司法局", {"时间": "2021-03-04", "来源": "石岭县司法局"}),
        ("发布机构：|石岭县司法局|发布日期：|2021-03-04", {"发布机构": "石岭县司法局", "发布日期": "2021-03-04"}),
        ("文　　号 | 无 | 有 效 性 | 有效", {"文号": "无", "有效性": "有效"}),
        ("• 发布时间 18.03.2015", {"发布时间": "18.03.2015"}),
        ("发布日期2019-02-05", {"发布日期": "2019-02-05"}),
    ],
)
def test_labels_are_read_with_any_marks_between(line, found):
    assert is_metadata(line)
    assert dict(read_labels(line)) == found


@pytest.mark.parametrize("line", ["一、来源广泛的矛盾纠纷", "日期管理", "发布时间要求明确。", "石岭县2022年法治政府建设情况报告"])
def test_text_is_no_metadata(line):
    assert not is_metadata(line)


def test_titles():
    assert is_title("石岭县2022年度法治政府建设情况报告（公开版）")
    assert not is_title("法治政府建设")
    assert is_title("法" + "治" * 87 + "报告")
    assert not is_title("法" + "治" * 88 + "报告")


def test_a_line_of_more_than_400_characters_is_text():
    longest = "发布时间：" + "字" * 395
    assert is_metadata(longest)
    assert list(read_labels(longest)) == [("发布时间", "字" * 395)]
    assert not is_metadata(longest + "字")
    assert list(read_labels(longest + "字")) == []


@pytest.mark.parametrize(
    ("value", "name"),
    [("无", None), ("本站", None), ("123", None), ("", None), ("(甲)", None), ("司法局 张某", "司法局"), ("司法局，乙", "司法局")],
)
def test_the_name_that_a_value_begins_with(value, name):
    assert name_in(value) == name


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2019年至2021年", [(2019, 2021)]),
        ("2019-2021年度", [(2019, 2021)]),
        ("2020 年 和 2021 年", [(2020, 2021)]),
        ("二〇二二年", [(2022, 2022)]),
        ("2022年度", [(2022, 2022)]),
        ("2022", []),
    ],
)
def test_the_years_that_a_text_speaks_of(text, years):
    assert list(find_years(text)) == years


def test_a_title_that_says_nothing_of_a_report_names_whom_it_begins_with():
    assert issuer_in("石岭县水利局：为民服务") == "石岭县水利局"
