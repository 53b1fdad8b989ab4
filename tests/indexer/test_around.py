"""What is shown with headings and rows of tables: read plainly from the report."""

from indexer import Report, build_index, open_index


def found(tmp_path, query, blocks):
    build_index(tmp_path / "index", [Report.from_blocks(title="题", year=2022, blocks=blocks)])
    with open_index(tmp_path / "index") as index:
        hits = index.search(query, per_page=100).hits
        around = index.around(hits)
        return {hit.text: around.get(hit.id) for hit in hits}


def test_a_heading_has_the_first_sentence_below_it(tmp_path):
    blocks = [
        (("一、行政复议情况", "（一）机制"), "（一）机制。健全制度。再推进行政复议。"),
        (("一、行政复议情况", "（二）行政复议队伍"), "加强队伍；提高能力。"),
        (("三、其他",), "不在其下。"),
    ]
    shown = found(tmp_path, "行政复议", blocks)
    assert {text: one.below for text, one in shown.items() if one} == {
        "一、行政复议情况": "健全制度。",
        "（二）行政复议队伍": "加强队伍；",
    }


def test_a_row_has_the_head_of_its_table_and_the_head_none(tmp_path):
    rows = ["案由 | 受理", "行政复议 | 12", "行政诉讼 | 3"]
    blocks = [
        (("一、甲",), "总述。"),
        *(((("一、甲",), row)) for row in rows),
        (("一、甲",), "行政复议一段。"),
        (("二、乙",), "行政复议 | 7"),
    ]
    shown = found(tmp_path, "行政复议 OR 案由", blocks)
    assert shown["行政复议 | 12"].head == "案由 | 受理"
    assert shown["案由 | 受理"].head == ""
    assert shown["行政复议 | 7"].head == ""
    assert shown["行政复议一段。"] is None
