"""Reads files to reports in worker processes (`worker`) with limits on time, memory and output: no file is trusted until it is read."""

from indexer.workers.files import OnPage, parse_file, parse_files, prepare_reader, reader_version

__all__ = ["OnPage", "parse_file", "parse_files", "prepare_reader", "reader_version"]
