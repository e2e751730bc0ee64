"""What is written down while people are at it, and what is read when they are done."""

import math
import re
import threading
import time
from dataclasses import dataclass, field
from enum import StrEnum

SERVER_ERROR = 500
CLIENT_ERROR = 400
NONE = 0  # in place of a status
BY_THE_PROXY = frozenset({502, 504})
READING = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a browser got for one request. `status` is 0 where nothing came back at all.

    `words` is what the page tells a person who was refused, empty where it is not a page of ours.
    Times are seconds of one clock that nobody sets.
    """

    person: str
    method: str
    path: str
    status: int
    began: float
    ended: float
    request_id: str = ""
    words: str = ""

    @property
    def is_page(self) -> bool:
        """What was asked for."""
        return NONE < self.status < CLIENT_ERROR

    @property
    def is_refusal(self) -> bool:
        """A no that a person can do something with. An error of ours, 500, is none, however told."""
        return self.status >= CLIENT_ERROR and self.status != SERVER_ERROR and bool(self.words)


class Said(StrEnum):
    """How a change ended for the person who wanted it."""

    DONE = "done"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    """Asked for, and then no clear answer: they were told to look, or were cut off."""
    NOT_ASKED = "not asked"
    """They did not get as far as the form."""


@dataclass(slots=True, kw_only=True)
class Act:
    """One change that a person wanted, with the ids of all requests that it took.

    `writes` is a regular expression of "METHOD /path" that Logto must have seen if it was done, and
    empty for what this site does alone.
    `fact` and `value` are what then stands in the account, where that can be looked up.
    """

    person: str
    account_id: str
    name: str
    writes: str
    fact: str = ""
    value: str = ""
    said: Said = Said.NOT_ASKED
    request_ids: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOut:
    """Somebody had to sign in again, though nobody had ended their session."""

    person: str
    path: str
    sent_to: str
    at: float


@dataclass(slots=True, kw_only=True)
class Outage:
    """A process of the site that was killed, until it answered again.

    It was gone for sure at `dead`: the system takes a moment for it, the longer the more it has to do.
    """

    site: str
    began: float
    dead: float = -math.inf
    ended: float = math.inf


@dataclass(slots=True, kw_only=True)
class Strike:
    """A fault, from when it came until it was over.

    `meets` is a regular expression of the requests that it is about, as "METHOD /path STATUS words";
    and `explains` one of the answers that it is a reason for, as "STATUS /path". `struck` is what it hit,
    where somebody counts that: requests to Logto, mostly.
    """

    name: str
    began: float
    ended: float = math.inf
    meets: str = ""
    explains: str = "(?!)"
    struck: int | None = None

    def meets_request(self, answer: Answer) -> bool:
        """Whether this request was under way in it, and is one that it is about."""
        line = f"{answer.method} {answer.path} {answer.status} {answer.words}"
        return self._overlaps(answer) and re.match(self.meets, line) is not None

    def explains_answer(self, answer: Answer, *, grace: float) -> bool:
        """Whether it can be why somebody got this answer, up to `grace` seconds after it."""
        line = f"{answer.status} {answer.path}"
        return self._overlaps(answer, grace) and re.match(self.explains, line) is not None

    def _overlaps(self, answer: Answer, grace: float = 0) -> bool:
        return answer.began <= self.ended + grace and answer.ended >= self.began


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A row of the audit trail."""

    id: int
    account_id: str
    action: str
    outcome: str
    request_id: str
    actor: str = "person"

    @property
    def is_ours(self) -> bool:
        """Whether it was done by this site, which tells of it, and not only heard of."""
        return self.actor != "logto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A mail that the site means to send, or has sent."""

    id: int
    event_id: int
    state: str


@dataclass(slots=True)
class Record:
    """Everything that was noted so far. Many people write into it at the same time.

    `denied` has what people saw afterwards that was not as they had been told; `stalls` when the
    machine itself could not keep up.
    """

    answers: list[Answer] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    signed_out: list[SignedOut] = field(default_factory=list)
    outages: list[Outage] = field(default_factory=list)
    strikes: list[Strike] = field(default_factory=list)
    stalls: list[Strike] = field(default_factory=list)
    denied: list[str] = field(default_factory=list)
    sign_ins: int = 0
    journeys: int = 0
    began: float = field(default_factory=time.monotonic)
    _guard: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def count(self, what: str) -> None:
        """One more of `sign_ins` or `journeys`."""
        with self._guard:
            setattr(self, what, getattr(self, what) + 1)

    def met(self, strike: Strike) -> int:
        """How many requests were under way in this fault, of those that it is about."""
        return sum(strike.meets_request(answer) for answer in list(self.answers))
