import pytest

from indexer.parsing.dates import find_date, find_years, is_date, without_date, without_days
from indexer.parsing.identity import is_title, issuer_in, type_of, year_in_title
from indexer.parsing.labels import DOC_NUMBER, EDITOR, PUBLISHED, PUBLISHER, SOURCE, TITLE, is_metadata, name_in, read_labels
from indexer.parsing.numbers import doc_number
from indexer.parsing.opening import title_in_opening, year_in_opening
from indexer.parsing.titles import NUMBER


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
def test_a_date_is_read_in_every_form(text, date):
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


def test_a_title_names_a_report_in_at_most_90_characters():
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


@pytest.mark.parametrize("label", sorted({*PUBLISHED, *PUBLISHER, *SOURCE, *EDITOR, *DOC_NUMBER, *TITLE, "浏览量", "审核人", "时效性"}))
def test_each_label_is_read_spaced_out_too_and_no_part_of_it(label):
    assert list(read_labels(f"{label}：甲")) == list(read_labels(f"{' '.join(label)}：甲")) == [(label, "甲")]
    assert list(read_labels(f"{'    '.join(label)}：甲")) != [(label, "甲")]
    assert is_metadata(f"{label}：甲")
    assert not is_metadata(f"？{label}甲")
    assert not is_metadata(f"{label[1:-1]}：甲") or len(label) > 3


def test_what_is_an_ordinary_word_too_is_a_label_before_a_colon_alone():
    assert list(read_labels("发布：县司法局")) == list(read_labels("发 布 ：县司法局")) == [("发布", "县司法局")]
    assert list(read_labels("发布 县司法局")) == []
    assert list(read_labels("来源 县司法局")) == [("来源", "县司法局")]


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("2023-03-01 来源：县司法局", True),
        ("1999年3月 来源：县司法局", True),
        ("2023 来源：县司法局", False),
        ("县司法局 来源：县司法局", False),
        ("县司法局 来源：甲 编辑：乙", True),
        ("来源：甲。", False),
        ("号：12", False),
        ("期：2023年", False),
    ],
)
def test_a_label_behind_a_date_or_another_label_makes_a_line_metadata(line, is_one):
    assert is_metadata(line) is is_one


@pytest.mark.parametrize("nobody", ["无", "未知", "本站", "本网", "原创", "123"])
def test_a_value_that_names_nobody(nobody):
    assert name_in(nobody) is None
    assert name_in(nobody + " 甲") is None
    assert name_in(nobody + "甲") == nobody + "甲"


@pytest.mark.parametrize("mark", list(" |[]【】()（）,，;；"))
def test_marks_that_end_a_name(mark):
    assert name_in(f"司法局{mark}甲") == "司法局"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("二〇二三年一月三十一日", "2023-01-31"),
        ("二〇二三年十一月十日", "2023-11-10"),
        ("二零一九年十月十九日", "2019-10-19"),
        ("二OO九年八月八日", "2009-08-08"),
        ("二00九年七月六日", "2009-07-06"),
        ("一九九九年五月四日", "1999-05-04"),
        ("二〇二三年十三月一日", None),
        ("二〇二三年二月三十日", None),
        ("三〇二三年三月一日", None),
        ("二〇二年三月一日", None),
        ("2023-12-31", "2023-12-31"),
        ("2023-13-01", None),
        ("12023-03-01", None),
        ("2023-03-011", None),
        ("2023-03-0112:30", None),
        ("1.12.20231", None),
        ("120230301", None),
        ("202303011", None),
        ("20231231", "2023-12-31"),
        ("20231301", None),
        ("20230332", None),
        ("1899-01-01", None),
        ("2100-01-01", None),
    ],
)
def test_which_days_there_are(text, date):
    assert find_date(text) == date
    assert is_date(text) or date is None


@pytest.mark.parametrize("text", ["2023-03-0112:30", "18.03.201512:30", "2023030112:30"])
def test_a_time_of_day_that_is_glued_to_a_date_makes_it_none(text):
    assert not is_date(text)


def test_the_first_of_several_dates_is_found_however_it_is_written():
    assert find_date("二〇二三年三月一日，2022-01-01") == "2023-03-01"
    assert find_date("2022-01-01，二〇二三年三月一日") == "2022-01-01"


@pytest.mark.parametrize("date", ["2023-03-01", "2023年3月1日", "18.03.2015", "20230301", "二〇二三年三月一日"])
def test_a_date_alone_in_all_its_dress(date):
    for form in ("{}", "({})", "（{}）", "[{}]", "【{}】", "{} 星期三", "{} 9:00", "{} 09:00:30", "{}星期三 9:00", " {} "):
        assert is_date(form.format(date))
    for form in ("甲{}", "{}甲", "{}，", "{} 9:0", "{} 09:00:3", "《{}》"):
        assert not is_date(form.format(date))
    assert without_date(f"石岭县水利局 {date}") == without_date(f"石岭县水利局{date}") == "石岭县水利局"
    assert without_date(f"{date}石岭县水利局") == f"{date}石岭县水利局"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("2019年3月5日，开会", "，开会"),
        ("2019 年 12 月 31 日，开会", "，开会"),
        ("2019年3月，开会", "，开会"),
        ("二〇二三年三月十日，开会", "，开会"),
        ("二〇二三年三月，开会", "，开会"),
        ("2019年，开会", "2019年，开会"),
        ("201年3月，开会", "201年3月，开会"),
        ("3月5日，开会", "3月5日，开会"),
    ],
)
def test_what_is_left_of_a_text_without_its_days(text, left):
    assert without_days(text) == left


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("201年", []),
        ("12019年", []),
        ("二〇二年", []),
        ("二?二三年", []),
        ("二〇?三年", []),
        ("2019-202年", []),
        ("2010-2020年", [(2010, 2020)]),
        ("2010-2021年", [(2010, 2010)]),
        ("2020-2020年", [(2020, 2020)]),
        ("2020-2019年", [(2020, 2020)]),
        ("2019年度至2020年", [(2019, 2020)]),
        ("2019～2020年", [(2019, 2020)]),
        ("2019、2020年", [(2019, 2020)]),
        ("纲要(2019—2020年)", []),
        ("规划（2019—2020年）", []),
        ("计划(2019年)", []),
        ("方案(2019年)", []),
        ("要点〔2019年〕", []),
        ("《2019年要点》", []),
        ("报告(2019年)", [(2019, 2019)]),
    ],
)
def test_which_years_are_spoken_of(text, years):
    assert list(find_years(text)) == years


def test_marks_around_a_value_are_none_of_it_and_others_are():
    for mark in " |:[]【】()（）·•●▪■◆★>-":
        assert list(read_labels(f"来源：{mark}甲{mark}")) == [("来源", "甲")]
    assert list(read_labels("来源：?甲?")) == [("来源", "?甲?")]


@pytest.mark.parametrize("blank", [" ", "\t", "\u3000", " \t\u3000"])
def test_a_long_run_of_white_space_is_read(blank):
    blanks = blank * (100_000 // len(blank))
    assert not is_date(f"2023-03-01{blanks}x")
    assert is_date(f"2023-03-01{blanks}日{blanks}8:30{blanks})")
    assert list(find_years(f"2023{blanks}x2021{blanks}至{blanks}2022年")) == [(2021, 2022)]


@pytest.mark.parametrize("piece", ["-", "--甲", "(会议", "法治", "普法", "依法治县", "发布"])
def test_a_title_that_repeats_the_beginning_of_an_expression_is_read(piece):
    assert type_of(piece * (100_000 // len(piece))).value == ("news" if piece == "发布" else "other")


@pytest.mark.parametrize(
    ("title", "type"),
    [
        ("法治情况--审议会议", "report"),
        ("法治情况--甲(审议通过)", "report"),
        ("法治情况--甲(审议)", "news"),
        ("法治情况(会议(审议通过)", "report"),
        ("法治建设法治情况", "report"),
        ("发布发布某地情况", "news"),
        ("情况发布法治", "other"),
    ],
)
def test_notes_and_repeated_words_of_a_title_are_read(title, type):
    assert type_of(title).value == type


@pytest.mark.parametrize("blank", [" ", "\t", "\u3000"])
def test_a_document_number_with_a_long_run_of_white_space_is_read(blank):
    blanks = blank * 100_000
    assert NUMBER.fullmatch(f"青政发〔2024〕{blanks}第{blanks}3{blanks}号")
    assert not NUMBER.search(f"青政发〔2024〕{blanks}")
    assert doc_number(f"青政发〔2024〕{blanks}第一号 青政发〔2024〕{blanks}3号") == f"青政发〔2024〕{blanks}3号"
