"""Files to reports, read in worker processes (`worker`) with limits on time, memory and output: files are hostile until read."""

from indexer.workers.files import OnPage, parse_file, parse_files, reader_version

__all__ = ["OnPage", "parse_file", "parse_files", "reader_version"]
