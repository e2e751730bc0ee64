"""Checking a value against a regular expression that the tenant's admin wrote.

The expression is JavaScript's, as Logto's own pages run it. Python's dialect is close, and an
expression that it can't read is no reason to keep a person from saving: Logto itself checks
nothing here. An expression can also be one that takes years for some values. Python's matcher
can't be interrupted and holds up every thread while it runs, so it runs in a process of its own,
which ends when its time is up.
"""

import json
import logging
import re
import subprocess
import sys

logger = logging.getLogger(__name__)

# Of the processor's time, and by the clock, which also counts waiting on a busy machine.
CPU_SECONDS, SECONDS = 1, 10
LONGEST_VALUE = 256

# ASCII, as JavaScript's \d and \w are.
CHECK = """
import json, re, resource, sys
seconds, pattern, value = json.load(sys.stdin)
resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
try:
    print("yes" if re.search(pattern, value, re.ASCII) else "no")
except (re.error, OverflowError, RecursionError):
    print("unreadable")
"""


class TooSlow(Exception):
    """The expression had not decided about this value when its time was up."""


def accepts(pattern: str, value: str) -> bool:
    """Whether JavaScript's `new RegExp(pattern).test(value)` would be true.

    Also true if the expression can't be read. `value` has at most LONGEST_VALUE characters:
    longer ones are the caller's to refuse. Raises TooSlow.
    """
    verdict = _ask(_in_python(pattern), value)
    if verdict == "unreadable":
        logger.warning("an expression of the tenant's can't be read: nothing is checked by it")
    return verdict != "no"


def _ask(pattern: str, value: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, with our own few lines
            [sys.executable, "-I", "-S", "-W", "ignore", "-c", CHECK],
            input=json.dumps([CPU_SECONDS, pattern, value]),
            capture_output=True,
            check=True,
            text=True,
            timeout=SECONDS,
        )
    except subprocess.SubprocessError as error:
        raise TooSlow from error
    return done.stdout.strip()


def _in_python(pattern: str) -> str:
    """The same expression with Python's spelling of named groups and of "any character"."""
    pattern = re.sub(r"\(\?<(?![=!])", "(?P<", pattern)
    pattern = re.sub(r"\\k<(\w+)>", r"(?P=\1)", pattern)
    return pattern.replace("[^]", r"[\s\S]")
