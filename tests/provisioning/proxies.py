"""nginx as the documents have it, in front of one site, with a certificate of an authority of its own."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from accountsite.demo import loopback
from tests.logto.test_certificates import certificate, pem
from tests.stack import nginx, ports
from tests.stack.programs import ROOT, Program

FRAME = """
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/temporary;
    proxy_temp_path {folder}/temporary;
    fastcgi_temp_path {folder}/temporary;
    scgi_temp_path {folder}/temporary;
    uwsgi_temp_path {folder}/temporary;
    {documented}
}}
"""


@dataclass
class Proxy:
    """It listens at `origin`, once it is started, and passes requests on to the site's port."""

    folder: Path
    site_port: int
    port: int = field(default_factory=ports.free)

    def __post_init__(self) -> None:
        (self.folder / "temporary").mkdir(parents=True)
        _write_certificates(self.folder)

    @property
    def origin(self) -> str:
        return f"https://localhost:{self.port}"

    @property
    def authority(self) -> Path:
        """Who has to be trusted."""
        return self.folder / "ca.pem"

    def program(self, **instead: str) -> Program:
        """Not started yet. `instead` puts other lines in place of the headers that are set.

        Names are those of headers, with _ for -; an empty line leaves the header as it came.
        """
        configuration = self.folder / "nginx.conf"
        configuration.write_text(
            FRAME.format(
                folder=self.folder,
                # Its child would otherwise be somebody who may not look into the folders of tests.
                user="user root;" if os.geteuid() == 0 else "",
                documented=_with(self._here(documented()), instead),
            )
        )
        executable = nginx._program()
        assert executable is not None, "nginx is not installed"
        return Program(
            command=[executable, "-p", str(self.folder), "-c", str(configuration), "-e", "stderr"],
            environment={"PATH": nginx.PATH},
            log=self.folder / "nginx.log",
            is_ready=lambda: nginx._listens(self.port),
        )

    def _here(self, text: str) -> str:
        listen = " ".join(f"listen {host}:{self.port} ssl http2;" for host in loopback.hosts())
        certificates = (
            f"ssl_certificate {self.folder}/site.pem; ssl_certificate_key {self.folder}/site.key;"
        )
        for theirs, ours in (
            ("server 127.0.0.1:8000;", f"server 127.0.0.1:{self.site_port};"),
            ("listen 443 ssl http2;", listen),
            ("account.example.com", "localhost"),
            ("# ssl_certificate …; ssl_certificate_key …;", certificates),
        ):
            assert theirs in text, theirs
            text = text.replace(theirs, ours)
        return text


def documented() -> str:
    """What docs/deploy.md has for nginx."""
    text = (ROOT / "docs/deploy.md").read_text()
    [block] = re.findall(r"^```nginx\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return str(block)


def _with(text: str, instead: Mapping[str, str]) -> str:
    for name, line in instead.items():
        header = name.replace("_", "-")
        text, count = re.subn(rf"^ *proxy_set_header {header} .*$", line, text, flags=re.MULTILINE)
        assert count == 1, header
    return text


def _write_certificates(folder: Path) -> None:
    authoritys, sites = (ec.generate_private_key(ec.SECP256R1()) for _key in range(2))
    root = certificate("An authority of one's own", authoritys)
    (folder / "ca.pem").write_bytes(pem(root))
    (folder / "site.pem").write_bytes(
        pem(certificate("localhost", sites, by=(root.subject, authoritys)))
    )
    (folder / "site.key").write_bytes(
        sites.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
