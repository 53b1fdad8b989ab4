"""The engine past one machine: an OpenSearch cluster that holds the passages, with tokens made on our side and no plugin."""
