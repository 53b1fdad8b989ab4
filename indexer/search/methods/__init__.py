"""The methods of `indexer.search.Index`, grouped by subject."""
