"""Files to reports. Reading is done in worker processes (`worker`), which `processes` starts and watches over: files are hostile
until read.
"""

from indexer.workers.files import parse_file, parse_files

__all__ = ["parse_file", "parse_files"]
