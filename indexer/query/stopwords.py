"""Words of a question that say nothing about its subject. Reviewed by hand: no word of law or of an office is among them."""

from __future__ import annotations

from indexer.outline.words import words

STOP_WORDS = frozenset(
    words(
        """
        的 了 和 与 及 在 是 有 也 都 而 或 就 把 被 对 为 以 于 从 向 到 由 将 让 给 跟 比 等 之
        其 这 那 哪 谁 我 你 他 她 它 吗 呢 吧 啊 么 着 过 地 得 很 更 最 又 再 还 只 才 不 没 会
        能 要 想 该 请 个 些 什么 怎么 怎样 怎么样 怎么办 如何 为何 为什么 是否 是不是 有没有 能否 能不能
        可不可以 可以 会不会 要不要 应不应该 哪些 哪个 哪里 哪儿 哪种 多少 几个 谁的 何时 何种 以及 或者 还是
        并且 而且 但是 可是 如果 假如 要是 因为 所以 由于 虽然 不过 然后 那么 其中 其他 有关 关于 对于 按照
        根据 通过 之间 之后 之前 以后 以前 时候 的话 我们 你们 他们 她们 它们 自己 大家 别人 人家 这个 那个
        这些 那些 这种 那种 这样 那样 这里 那里 一个 一些 一下 请问 想问 想要 想知道 知道 觉得 认为
        """
    )
)
