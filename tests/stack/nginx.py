"""nginx in front of several site processes, each request to any of them."""

import os
import shutil
import socket
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from accountsite.demo import loopback
from tests.stack.programs import Program

# The directory of Debian's package is not in the path of everybody.
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"

CONFIGURATION = """
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {folder}/temporary;
    proxy_temp_path {folder}/temporary;
    fastcgi_temp_path {folder}/temporary;
    scgi_temp_path {folder}/temporary;
    uwsgi_temp_path {folder}/temporary;
    log_format served '$upstream_addr $upstream_status "$request" $status';
    access_log {folder}/served.log served;

    upstream any {{
        random;
        {servers}
        keepalive 32;
    }}
    {preferred}
    # For those who need to know where a request goes; the others get what comes next.
    map $http_x_site $where {{
        default any;
        {choices}
    }}

    server {{
        {listen}
        client_max_body_size 32m;  # the site says itself what is too large
        proxy_http_version 1.1;
        proxy_connect_timeout 2s;
        proxy_read_timeout 60s;
        # GET and HEAD go on to the next process when one dies in between; what may have changed
        # something never does (no `non_idempotent` here), unless it was not even sent.
        proxy_next_upstream error timeout;
        proxy_set_header Connection "";
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
        location / {{ proxy_pass http://$where; }}
    }}
}}
"""


def is_installed() -> bool:
    """Whether this machine has one to start."""
    return _program() is not None


def program(folder: Path, *, port: int, upstreams: Sequence[int]) -> Program:
    """It listens on this port of the loopback, in front of these.

    Which of them served what, it writes to `served.log` in the folder. A request with the header
    X-Site goes to that one, counted from 0, as long as it is there.
    """
    (folder / "temporary").mkdir(parents=True, exist_ok=True)
    configuration = folder / "nginx.conf"
    configuration.write_text(
        CONFIGURATION.format(
            folder=folder,
            # Its child would otherwise be somebody who may not look into the folders of tests.
            user="user root;" if os.geteuid() == 0 else "",
            # One that is gone is asked again at each turn, which costs nothing on this machine:
            # it has its share again as soon as it is back.
            servers=" ".join(f"{_server(each)};" for each in upstreams),
            preferred="\n    ".join(
                f"upstream first_{number} {{ {_preferring(port, upstreams)} keepalive 32; }}"
                for number, port in enumerate(upstreams)
            ),
            choices=" ".join(f"{number} first_{number};" for number in range(len(upstreams))),
            listen=" ".join(f"listen {host}:{port};" for host in loopback.hosts()),
        )
    )
    executable = _program()
    assert executable is not None, "nginx is not installed"
    return Program(
        command=[executable, "-p", str(folder), "-c", str(configuration), "-e", "stderr"],
        environment={"PATH": PATH},
        log=folder / "nginx.log",
        is_ready=lambda: _listens(port),
    )


def _server(port: int) -> str:
    return f"server 127.0.0.1:{port} max_fails=0"


def _preferring(port: int, upstreams: Sequence[int]) -> str:
    """This one, and the others once it is gone."""
    others = [f"{_server(each)} backup;" for each in upstreams if each != port]
    return " ".join([f"{_server(port)};", *others])


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _program() -> str | None:
    return shutil.which("nginx", path=PATH)
