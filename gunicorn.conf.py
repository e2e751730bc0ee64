"""How gunicorn serves the site. It finds this file by itself, and reads PORT and WEB_CONCURRENCY.

More in its own documentation, https://docs.gunicorn.org/en/stable/settings.html
"""

import gc
from pathlib import Path
from typing import Any

# Pages wait for Logto, not for this machine: many threads in few processes.
worker_class = "gthread"
threads = 16

# The site is loaded once, before the workers part: a wrong setting ends the start with its one
# line, instead of killing one worker after another, and the workers share what they read.
preload_app = True

# A proxy in front keeps its connections longer than a browser's page takes. When it is gunicorn
# that hangs up first, a request in between is lost.
keepalive = 75  # seconds

# `docker stop` kills after 10 seconds; the requests under way are done by then.
graceful_timeout = 8  # seconds

# Workers show that they live by touching a file. Memory never stalls, and a read-only container
# has nowhere else to put it.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
control_socket_disable = True  # another file in a home that the container has not

# What proxies say is weighed in one place: by the site, as far as ACCOUNTSITE_TRUSTED_PROXIES goes.
forwarded_allow_ips = ""

# The site logs each request itself, with its id, and gunicorn's own lines look the same.
accesslog = None
logger_class = "accountsite.operations.serving.ServerLogger"


# What Prometheus asks for is counted by all workers, and told by any of them; without
# ACCOUNTSITE_METRICS_PORT nothing is. The site is loaded by the time these are called.


def on_starting(server: Any) -> None:
    """Take the port, once for all workers."""
    from accountsite.operations import exposition  # noqa: PLC0415

    exposition.take_port()


def when_ready(server: Any) -> None:
    """Let what was loaded be: the workers go on sharing it, and don't look through it for garbage."""
    gc.collect()
    gc.freeze()


def post_worker_init(worker: Any) -> None:
    """Answer there, and begin with what else the operator wants of each."""
    from accountsite.operations import starting  # noqa: PLC0415

    starting.site()


def on_exit(server: Any) -> None:
    """Tidy up."""
    from accountsite.operations import exposition  # noqa: PLC0415

    exposition.end()
