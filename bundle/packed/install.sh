#!/bin/sh
# Installs from this folder alone. PYTHON=/path/to/python3 names another Python.
cd "$(dirname "$0")" || exit 1
for python in "$PYTHON" python3.14 python3.13 python3.12 python3.11 python3; do
  if [ -n "$python" ] && "$python" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    exec "$python" install.py
  fi
done
echo "需要 Python 3.11 或更新的版本 / Python 3.11 or newer is needed" >&2
exit 1
