"""The `collect` command: politely fetches the pages at a list of URLs, and their attachments, into a folder of reports."""

from indexer.collect.command import collect_command, main, parser

__all__ = ["collect_command", "main", "parser"]
