"""Measurements that are not part of the tests: relevance and speed, each compared side by side in one run."""
