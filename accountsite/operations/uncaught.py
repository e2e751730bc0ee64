"""What nobody catches, told as every other error is: Python itself would print all its words."""

import logging
import sys
import threading
from types import TracebackType
from typing import Any

logger = logging.getLogger(__name__)


def listen() -> None:
    """From now on, in a process that works for people. Warnings become lines of the log as well."""
    sys.excepthook = _of_the_program
    threading.excepthook = _of_a_thread
    sys.unraisablehook = _of_no_use
    logging.captureWarnings(True)


def _of_the_program(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if isinstance(error, KeyboardInterrupt):
        return
    logger.critical("the program ends", exc_info=(kind, error, trace))


def _of_a_thread(told: threading.ExceptHookArgs) -> None:
    if told.exc_value is None or isinstance(told.exc_value, SystemExit):
        return
    name = told.thread.name if told.thread else "-"
    logger.error("a thread ends: %s", name, exc_info=told.exc_value)


def _of_no_use(told: Any) -> None:
    logger.error("an error had nobody to go to", exc_info=told.exc_value)
