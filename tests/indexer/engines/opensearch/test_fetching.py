"""Hits of several searches stand in the order of one."""

from itertools import permutations

from indexer.engines.opensearch.fetching import newest_first

LEAST, GREATEST = -(2**63), 2**63 - 1
"""What a cluster sorts by where a number is missing."""


def test_hits_are_in_the_order_in_which_a_cluster_sorts_them():
    ordered = [{"sort": sort} for sort in ([2005, "b", 1], [2005, "b", 2], [2005, "c", 0], [2001, "a", 3], [2001, "a", GREATEST])]
    for last in ([None, "a", 1], [LEAST, "a", 1]):
        right = [*ordered, {"sort": last}]
        assert all(sorted(some, key=newest_first) == right for some in map(list, permutations(right)))
