"""`make bundle`: everything that an installation without a network needs, in one archive."""
