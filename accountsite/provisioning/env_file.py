"""A file of `NAME=value` lines, as Docker, Compose and systemd read it, that only its owner can read.

Values stand as they are, without quotes. Whatever else is in the file stays where it is.
"""

import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

LINE = re.compile(r"\s*(?P<name>[A-Za-z_][A-Za-z0-9_]*)=(?P<value>.*)")
OF_OTHERS = 0o077  # the rights of everybody but the owner
LONGEST = 1_000_000  # bytes; a file of settings is nowhere near it


class Unusable(Exception):
    """The file is not one that may be written. Its text is one sentence for the operator."""


@dataclass(slots=True)
class EnvFile:
    """What is in such a file, and what is to be in it."""

    path: Path
    lines: list[str] = field(default_factory=list, repr=False)
    is_open_to_others: bool = False
    is_changed: bool = False

    @classmethod
    def read(cls, path: Path) -> Self:
        """The file as it is, which may be not there yet.

        Raises Unusable for a file that is none of settings, and where none can be written.
        """
        path = Path(os.path.realpath(path))
        if path.is_dir():
            raise Unusable(f"{path} is a folder: name a file.")
        if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
            raise Unusable(f"{path.parent} is no folder that this command may write to.")
        try:
            return cls._read(path) if path.exists() else cls(path)
        except (OSError, UnicodeDecodeError) as error:
            raise Unusable(f"{path} can't be read as a file of settings.") from error

    @classmethod
    def _read(cls, path: Path) -> Self:
        if not path.is_file() or path.stat().st_size > LONGEST:
            raise Unusable(f"{path} is no file of settings.")
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, start=1):
            if line.strip() and not line.lstrip().startswith("#") and not LINE.fullmatch(line):
                raise Unusable(
                    f"{path} holds more than NAME=value lines, the first in line {number}: it is "
                    "left as it is. Name another file."
                )
        return cls(path, lines, is_open_to_others=bool(path.stat().st_mode & OF_OTHERS))

    def get(self, name: str) -> str | None:
        """The value of a name; of several the last, as programs take it."""
        return next((value for _place, value in reversed([*self._found(name)])), None)

    def put(self, name: str, value: str) -> None:
        """Give a name this value, where it stands, or at the end."""
        if self.get(name) == value:
            return
        self.is_changed = True
        places = [place for place, _value in self._found(name)]
        if places:
            self.lines[places[-1]] = f"{name}={value}"
        else:
            self.lines.append(f"{name}={value}")

    def write(self) -> None:
        """Put it in place in one go, for its owner alone. Raises Unusable if that fails."""
        try:
            self._write()
        except OSError as error:
            raise Unusable(f"{self.path} can't be written: {error.strerror}.") from error

    def _write(self) -> None:
        # Such a file is its owner's alone from its first moment.
        handle, name = tempfile.mkstemp(prefix=f".{self.path.name}.", dir=self.path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                if self.path.exists() and (was := self.path.stat()).st_uid != os.geteuid():
                    os.fchown(handle, was.st_uid, was.st_gid)
                file.write("".join(f"{line}\n" for line in self.lines))
                file.flush()
                os.fsync(handle)
            Path(name).replace(self.path)
        finally:
            Path(name).unlink(missing_ok=True)

    def _found(self, name: str) -> Iterator[tuple[int, str]]:
        for place, line in enumerate(self.lines):
            match = LINE.fullmatch(line)
            if match and match["name"] == name:
                yield place, match["value"].strip()
