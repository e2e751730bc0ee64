#!/usr/bin/env python
"""Django's command line for this site."""

import os
import sys


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "accountsite.settings")
    if sys.argv[1:2] == ["demo"]:
        # The demo brings its own tenant, so it needs none of the settings of a real one.
        os.environ["ACCOUNTSITE_DEMO"] = "1"
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - after the above

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
