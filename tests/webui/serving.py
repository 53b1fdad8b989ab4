"""A real `webui` process, its log, and connections to it."""

import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

PATIENCE = 120
"""Seconds that a test waits for what takes a moment on a machine that does nothing else."""
COMMAND = [sys.executable, "-c", "from webui.cli import main; main()"]


class Serving:
    """The process; its log is read as it is written, so that it never waits for a reader."""

    def __init__(self, process, address):
        self.process, self.address, self.log = process, address, []
        where = urlsplit(address)
        self.place = (where.hostname, where.port)
        self._reader = threading.Thread(target=lambda: self.log.extend(process.stderr))
        self._reader.start()

    def connect(self, timeout=PATIENCE):
        return socket.create_connection(self.place, timeout=timeout)

    def send(self, content, timeout=PATIENCE):
        """All that comes back to these bytes until the server closes the connection."""
        with self.connect(timeout) as sent:
            sent.sendall(content)
            return b"".join(iter(lambda: sent.recv(65536), b""))

    def get(self, target, *headers):
        return self.send("\r\n".join([f"GET {target} HTTP/1.1", "Host: test", "Connection: close", *headers, "", ""]).encode())

    def stop(self):
        self.process.terminate()
        code = self.process.wait(PATIENCE)
        self._reader.join()
        return code

    def lines(self):
        """The log's lines as objects; complete once the server has stopped."""
        return [json.loads(line) for line in self.log]


@contextmanager
def serving(index, *options, command=COMMAND, cwd=None, start_new_session=False, **environment):
    command = [*command, "--port", "0", "--index", str(index), *options]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    environment = os.environ | {"PYTHONUNBUFFERED": "1"} | environment
    with subprocess.Popen(command, **pipes, env=environment, cwd=cwd, start_new_session=start_new_session) as process:
        try:
            yield Serving(process, re.search(r"http://\S+", process.stdout.readline())[0])
        finally:
            process.kill()


def wait_until(holds, seconds=PATIENCE):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False
