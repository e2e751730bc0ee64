"""A mail server that takes everything and keeps it, to be looked at."""

import email.policy
import socketserver
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from types import TracebackType
from typing import Self, cast


@dataclass(frozen=True, slots=True)
class Mail:
    """What came, and for whom."""

    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        """The body that people read where nothing is drawn."""
        body = self.message.get_body(("plain",))
        return str(body.get_content()) if body else ""


@dataclass
class Mailbox:
    """Listens on the loopback until the end of the block. `mails` has what came, in order."""

    mails: list[Mail] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._server = _Server(("127.0.0.1", 0), _Dialogue)
        self._server.mailbox = self

    @property
    def url(self) -> str:
        """For EMAIL_URL."""
        return f"smtp://127.0.0.1:{self._server.server_address[1]}"

    def to(self, address: str) -> list[Mail]:
        """Those for one recipient, the oldest first."""
        return [mail for mail in list(self.mails) if address in mail.recipients]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exception: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    mailbox: Mailbox


class _Dialogue(socketserver.StreamRequestHandler):
    """As much of SMTP (RFC 5321) as a client needs to get rid of a mail."""

    timeout = 60

    def handle(self) -> None:
        with suppress(ConnectionError):  # who is killed in the middle of a mail has not sent it
            self._listen()

    def _listen(self) -> None:
        recipients: list[str] = []
        self._say("220 here")
        while line := self.rfile.readline().decode().strip():
            verb, _, rest = line.partition(" ")
            match verb.upper():
                case "RCPT":
                    recipients.append(rest.partition("<")[2].partition(">")[0])
                    self._say("250 ok")
                case "DATA":
                    self._say("354 go on")
                    self._keep(recipients)
                    recipients = []
                    self._say("250 kept")
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:  # EHLO, MAIL, RSET, NOOP
                    self._say("250 ok")

    def _keep(self, recipients: list[str]) -> None:
        lines = []
        while (line := self.rfile.readline()).rstrip(b"\r\n") != b".":
            lines.append(line.removeprefix(b"."))
        message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        mailbox = cast("_Server", self.server).mailbox
        mailbox.mails.append(Mail(tuple(recipients), cast("EmailMessage", message)))

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
