"""The engine for more than one machine: passages on an OpenSearch cluster, segmented into words by us, without a plugin."""
