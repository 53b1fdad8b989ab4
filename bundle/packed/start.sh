#!/bin/sh
# Reads the reports in corpus/ and serves the pages. What is given goes to webui: sh start.sh --port 8080
cd "$(dirname "$0")" || exit 1
.venv/bin/reindex
exec .venv/bin/webui "$@"
