from pathlib import Path

import pytest

from indexer.analysis.fold import fold
from indexer.outline import STANDARD_PARTS, part_of, plain
from tests.support import ROOT


@pytest.mark.parametrize(
    ("part", "headings"),
    [
        ("主要举措和成效", "2022年法治政府建设情况 2021年推进法治政府建设工作情况 主要做法及成效 2022年重点工作完成情况 取得的成绩 推进依法行政工作的主要举措"),
        ("存在的不足", "存在的不足和原因 存在问题 主要问题及原因分析 工作中的短板弱项 问题与不足 存在的主要困难"),
        ("下一步安排", "2024年工作安排 下步工作打算 下一年度推进法治政府建设的主要安排 2023年工作思路 今后努力方向 2024年法治政府建设重点任务 工作计划"),
        ("问题与安排", "存在的问题及下一步打算 存在的不足与2023年工作安排 存在的主要问题和改进措施"),
        ("第一责任人履职", "党政主要负责人履行推进法治建设第一责任人职责情况 主要负责人履职情况 抓住领导干部这个关键少数"),
        ("政府职能", "依法全面履行政府职能 深化“放管服”改革 动态调整权责清单 深化行政审批制度改革 健全突发事件应对体系 推进机构改革"),
        ("依法行政制度", "健全依法行政制度体系 加强规范性文件监督管理 完善依法行政制度体系"),
        ("行政决策", "提高行政决策科学化水平 健全重大行政决策制度 落实合法性审查"),
        ("行政执法", "严格规范公正文明执法 推进行政执法“三项制度” 落实行政裁量权基准 健全行政执法工作体系"),
        ("权力监督", "强化行政权力制约和监督 加强行政执法监督 推进政务公开标准化 加强政务诚信建设 开展法治督察"),
        ("矛盾纠纷化解", "依法有效化解社会矛盾纠纷 发展新时代“枫桥经验” 加强人民调解工作"),
        ("公共法律服务", "完善公共法律服务体系 加强法律援助 发挥法律顾问作用"),
        ("普法宣传", "深入开展普法宣传教育 落实“谁执法谁普法”责任制 增强全民法治意识 推进法治社会建设"),
        ("复议应诉", "加强行政复议和行政应诉工作 畅通行政复议渠道"),
        ("数字法治", "加快推进数字法治政府建设 健全法治政府建设科技保障体系 加速推进数字赋能政府治理"),
        ("营商环境", "优化法治化营商环境 保护市场主体合法权益 服务民营经济发展"),
        ("组织保障", "夯实法治政府建设保障 加强党的领导 健全法治政府建设推进机制 强化组织领导 深入学习贯彻习近平法治思想 加强法治队伍建设"),
    ],
)  # fmt: skip
def test_usual_headings_stand_for_their_part(part, headings):
    assert part in STANDARD_PARTS
    assert {heading: part_of(heading) for heading in headings.split()} == dict.fromkeys(headings.split(), part)


def test_spaces_and_traditional_characters_do_not_matter():
    assert part_of("存 在 的 問 題 和 下 一 步 工 作 安 排") == "问题与安排"


@pytest.mark.parametrize("heading", ["其他", "附表", "概述"])
def test_other_headings_stand_for_none(heading):
    assert part_of(heading) is None


def test_plain_knows_the_traditional_form_of_every_character_the_rules_use():
    rules = [*(ROOT / "indexer" / "outline").glob("*.py"), *(ROOT / "indexer" / "parsing").glob("*.py")]
    used = {char for path in map(Path, rules) for char in path.read_text(encoding="utf-8") if "\u4e00" <= char <= "\u9fff"}

    def in_big5(char):
        try:
            return bool(char.encode("big5"))
        except UnicodeEncodeError:
            return False

    missing = [
        char
        for char in map(chr, range(0x4E00, 0xA000))
        if fold(char) != char and fold(char) in used and in_big5(char) and plain(char) == char
    ]
    assert not missing, "".join(char + fold(char) for char in missing)


def test_plain_keeps_places():
    text = "２０２２年　法治\xa0建設（情況）"
    assert plain(text) == "2022年 法治 建设(情况)"
