"""The verbs of these reports: what is done with the things they count."""

from __future__ import annotations

import re

from indexer.facts.topics import one_of

_VERBS = """
划转 收到 新收 受理 办理 办结 审理 审结 审查 审核 审议 审批 处理 处置 化解 调解 调处 排查 查处 查办 立案查处 立案 侦破 抓获 破获 打掉 移送
移交 开展 召开 举办 组织 举行 组织开展 开设 播放 播出 刊发 刊登 发放 发送 印发 印制 制作 赠送 派发 张贴 悬挂 发布 公布 公开 主动公开
公示 推送 制定 制发 出台 修订 修改 废止 清理 保留 备案 报备 起草 审议通过 通过 提请 提出 出具 听取 采纳 收集 征集 征求 搜集 梳理 编制
编印 汇编 调整 建成 建立 设立 成立 组建 打造 创建 新建 改建 改造 设置 配备 配齐 聘请 聘用 选聘 招聘 招录 培育 培养 选派 派驻 指派 组成
整合 下沉 划分 培训 轮训 参训 考核 评查 抽查 抽取 检查 巡查 督查 督察 督导 督办 督促 走访 调研 回访 约谈 通报 问责 曝光 发现 整改
责令整改 责令改正 责令 接待 接听 解答 提供 服务 惠及 受益 挽回 追回 追缴 兑现 清偿 减免 减少 取消 下放 承接 赋权 压减 压缩 精简 新增
增设 新登记 登记 注册 换发 颁发 申领 新申领 注销 吊销 收缴 罚没 处罚 实施 作出 下达 制止 拆除 录入 归集 汇聚 上传 上报 报送 推广 推出
推行 推动 推进 实行 落实 完成 参加 参与 指导 协助 协调 牵头 解决 答复 回复 回应 反馈 交办 转办 接收 解除 安置 帮教 帮扶 投入 安排 拨付
列支 争取 筹集 发出 收回 认领 认定 评选 表彰 命名 获评 荣获 入选 选树 涌现 送达 执行 执结 诉前 约见 宣讲 宣传 普及 覆盖 出动 派出 涉及
发生 引发 侦办 起诉 批捕 提起 进驻 入驻 接到 承办 督结 盘活 恢复 修复 迁移 归档 查阅 查询 核查 核发 发证 受案 结案 收案 撤案 结清 网签
签订 签署 签约 登载 转发 转载 开通 邀请 联合 会同 拥有 取得 获得 追索 追讨 代写 讨薪 促成 达成 抽调 选任 聘任 招募 接办 主持召开 主持
赔付 取缔 自查 新接收
"""
VERB = one_of(_VERBS.split())
VERB_SET = frozenset(_VERBS.split())
VERB_FIRSTS = frozenset(verb[0] for verb in VERB_SET)
VERB_LAST = frozenset(verb[-1] for verb in VERB_SET)
VERB_START = re.compile(VERB)


def last_verb(name: str) -> str:
    """The verb at the end of a clause, without 了; empty if there is none."""
    bare = name[:-1] if name.endswith(("了", "起", "过")) else name
    if bare[-1:] not in VERB_LAST:
        return ""
    return next((bare[-size:] for size in (6, 5, 4, 3, 2) if bare[-size:] in VERB_SET), "")
