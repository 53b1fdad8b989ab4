"""Engines: whatever holds passages and answers query trees. Everything above speaks to the protocol in `boundary` alone."""
