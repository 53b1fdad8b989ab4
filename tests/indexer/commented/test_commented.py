"""Findings as comments of a Word file: each on the words that it is about, and nothing else of the file changes."""

import io
import random
import re
import zipfile

import pytest
from docx import Document

from indexer import Report, check_draft, parse_file
from indexer.commented import commented
from indexer.commented.insertion import Comment, with_comments
from indexer.drafts import Finding
from indexer.texts import CHINESE, speaking

TITLE = "彰武县2023年法治政府建设情况报告"


def saved(document):
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


def repacked(content, changes):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name, part in {**parts(content), **changes}.items():
            packed.writestr(name, part)
    return made.getvalue()


def commented_on(content):
    """By the first line of each comment: the text between where it begins and where it ends."""
    document = Document(io.BytesIO(content))
    xml = parts(content)["word/document.xml"].decode()
    found = {}
    for comment in document.comments:
        of = f'w:id="{comment.comment_id}"/>'
        ranged = re.search(f"<w:commentRangeStart {of}(.*?)<w:commentRangeEnd {of}.*?<w:commentReference {of}", xml, re.S)
        found[comment.text.partition("\n")[0]] = "".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)", ranged[1]))
    return found


@pytest.fixture
def draft(tmp_path):
    """A Word file of runs, bold ones too, numbers that Word makes, a table, a note of an older reader."""
    made = Document()
    made.add_heading(TITLE, 0)
    paragraph = made.add_paragraph("2023年，彰武县")
    paragraph.add_run("扎实推进 & 依法").bold = True
    paragraph.add_run("行政，现将2023年法治政府建设情况报告如下。取消证明）。")
    made.add_paragraph("黑山县扎实推进依法行政。截至2022年底，共审查文件12件。")
    made.add_paragraph("推行“最多跑一次。", style="List Number")
    made.add_table(1, 2).cell(0, 1).text = "（窗口"
    made.add_comment(paragraph.runs[0], "上次的意见", "某人")
    path = tmp_path / "draft.docx"
    path.write_bytes(saved(made))
    return path


def test_comments_stand_at_the_words_that_they_are_about(draft):
    report = parse_file(draft)
    findings = check_draft(report, without=["content-missing"])
    with speaking(CHINESE):
        texts = [one.text for one in findings]
        made = commented(report, findings, draft.read_bytes())
    held = commented_on(made)
    assert list(held) == ["上次的意见", *texts]
    words = {
        one.text: next(p.text for p in report.passages if one.passage.endswith(f"~{p.anchor}"))[one.start : one.end] for one in findings
    }
    with speaking(CHINESE):
        assert {one.text: held[one.text] for one in findings} == {one.text: words[text] for one, text in zip(findings, words, strict=True)}
    assert {"黑山县", "）", "2022年", "“", "（"} <= set(held.values())


def test_nothing_but_comments_is_added(draft):
    report = parse_file(draft)
    content = draft.read_bytes()
    made = commented(report, check_draft(report), content)
    before, after = parts(content), parts(made)
    assert set(after) == set(before)
    assert {name for name in before if before[name] != after[name]} == {"word/document.xml", "word/comments.xml"}
    assert after["word/comments.xml"].startswith(before["word/comments.xml"].rpartition(b"</")[0])
    (draft.parent / "again").mkdir()
    (draft.parent / "again" / "draft.docx").write_bytes(made)
    again = parse_file(draft.parent / "again" / "draft.docx")
    assert [(one.anchor, one.text) for one in again.passages] == [(one.anchor, one.text) for one in report.passages]
    bold = [run.text for run in Document(io.BytesIO(made)).paragraphs[1].runs if run.bold]
    assert "".join(bold) == "扎实推进 & 依法"
    assert commented(report, [], content) == content


def test_a_file_without_comments_gets_the_part_for_them():
    content = saved(Document(io.BytesIO(commented(Report.from_blocks(title=TITLE, blocks=[((), "文")]), []))))
    plain = repacked(
        content,
        {
            "word/_rels/document.xml.rels": re.sub(
                rb"<Relationship [^>]*comments[^>]*/>", b"", parts(content)["word/_rels/document.xml.rels"]
            )
        },
    )
    made = with_comments(plain, lambda text: [Comment(0, 2, "一"), Comment(1, 3, "二\n三")])
    assert [comment.text for comment in Document(io.BytesIO(made)).comments] == ["一", "二\n三"]
    assert commented_on(made) == {"一": TITLE[:2], "二": TITLE[1:3]}


@pytest.mark.parametrize("seed", range(8))
def test_any_pieces_of_any_text_are_commented_on(seed):
    chance = random.Random(seed)
    blocks = [((), "".join(chance.choices("甲乙 丙&<>丁|𠀀\n", k=30)) + "。") for _ in range(4)]
    report = Report.from_blocks(id="d", title=TITLE, blocks=blocks)
    findings, wanted = [], []
    for number in range(20):
        passage = chance.choice(report.passages)
        start = chance.choice([at for at, char in enumerate(passage.text) if char.strip(" |\n")])
        end = chance.randrange(start + 1, len(passage.text) + 1)
        findings.append(Finding("unpaired", f"d~{passage.anchor}", start, end, printed=f"no{number}"))
        wanted.append(passage.text[start:end])
    held = [
        text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">") for text in commented_on(commented(report, findings)).values()
    ]
    assert [re.sub(r"[\s|]", "", text) for text in held] == [re.sub(r"[\s|]", "", text) for text in wanted]


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml.replace(b"w:", b"x:").replace(b"xmlns:w=", b"xmlns:x="),
        lambda xml: xml.replace(b"<w:body>", b"<w:body><!-- --><w:p><w:r><w:t><![CDATA[a]]></w:t></w:r></w:p>"),
        lambda xml: b"<w:document",
        lambda xml: xml.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
    ],
    ids=["prefix", "marked section", "damaged", "utf-16"],
)
def test_where_a_file_takes_no_comments_its_passages_do(draft, change):
    report = parse_file(draft)
    findings = check_draft(report)
    content = repacked(draft.read_bytes(), {"word/document.xml": change(parts(draft.read_bytes())["word/document.xml"])})
    made = commented(report, findings, content)
    assert made == commented(report, findings)
    assert len(Document(io.BytesIO(made)).comments) == len(findings)


def test_a_passage_that_stands_elsewhere_is_commented_on_behind_the_one_before():
    report = Report.from_blocks(id="d", title=TITLE, blocks=[((), "在正文里。"), ((), "在脚注里。"), ((), "又在正文里。")])
    document = Document()
    for text in (TITLE, "在正文里。", "又在正文里。"):
        document.add_paragraph(text)
    made = commented(report, [Finding("unpaired", "d~0.p2", 1, 2, printed="脚")], saved(document))
    assert list(commented_on(made).values()) == ["又"]
