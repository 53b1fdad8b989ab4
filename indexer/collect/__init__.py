"""The `collect` command: fetches the pages and attachments that a list of addresses names, politely, into a folder of reports."""

from indexer.collect.command import collect_command, main, parser

__all__ = ["collect_command", "main", "parser"]
