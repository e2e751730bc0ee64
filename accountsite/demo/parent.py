"""A server that ends with the process which started it, however that one ended.

It is a configuration of gunicorn: `gunicorn --config python:accountsite.demo.parent …`.
"""

import os
import signal
import threading
import time
from typing import Any

VARIABLE = "DEMO_PARENT"  # the process id to end with; without it a server lives on its own
PAUSE = 0.5  # seconds


def when_ready(_server: Any) -> None:
    """Start to watch; gunicorn calls this in its main process when it listens."""
    if process_id := os.environ.get(VARIABLE):
        threading.Thread(target=_watch, args=[int(process_id)], daemon=True).start()


def _watch(process_id: int) -> None:
    # An orphan is given to another parent: that is the sign which every system has.
    while os.getppid() == process_id:
        time.sleep(PAUSE)
    os.kill(os.getpid(), signal.SIGTERM)
