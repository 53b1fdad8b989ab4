"""Text analysis: the fold, and words. The only package that segments text."""
