"""The methods of `indexer.search.Index`, by what they are about."""
