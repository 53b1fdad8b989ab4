"""Measurements that stand beside the tests: relevance and speed, side by side in one run."""
