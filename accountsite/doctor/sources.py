"""What several checks look at, asked for once in an examination."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Sources:
    """Answers by the function that brings them, and what this examination was asked to do.

    `mail_to` is an address that a mail is to be sent to, or empty.
    """

    mail_to: str = ""
    _answers: dict[Callable[[], Any], Future[Any]] = field(default_factory=dict)
    _asking: threading.Lock = field(default_factory=threading.Lock)

    def get[T](self, ask: Callable[[], T]) -> T:
        """What `ask` returns, or the error that it raises, for all who ask for it."""
        with self._asking:
            is_first = ask not in self._answers
            answer: Future[T] = self._answers.setdefault(ask, Future())
        if is_first:
            try:
                answer.set_result(ask())
            except BaseException as error:
                answer.set_exception(error)
                raise
        return answer.result()
