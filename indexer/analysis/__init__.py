"""Text to what is compared and ranked: the fold and words. The only package that knows how text is cut."""
