"""The mails and texts that the tenant "sent".

`python -m accountsite.demo.inbox ADDRESS` prints the newest code sent to an address, of the demo
that var/demo.json tells of.
"""

import json
import sys
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener

DESCRIPTION = Path(__file__).parents[2] / "var" / "demo.json"
TIMEOUT = 10  # seconds
SHOWN = 100  # messages on the page


def newest_code(inbox: str, address: str) -> str | None:
    """The newest code sent to an address, as the inbox at this URL tells it."""
    url = f"{inbox}.json?{urlencode({'address': address})}"
    with build_opener(ProxyHandler({})).open(url, timeout=TIMEOUT) as response:
        messages = json.load(response)["messages"]
    return next((message["code"] for message in messages if message["code"]), None)


def main() -> None:
    """Print the code, or nothing."""
    if len(sys.argv) != 2:  # noqa: PLR2004
        sys.exit("usage: python -m accountsite.demo.inbox ADDRESS")
    try:
        demo = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    except FileNotFoundError:
        sys.exit(f"There is no {DESCRIPTION}: start the demo with `make demo`.")
    if code := newest_code(demo["inbox"], sys.argv[1]):
        sys.stdout.write(f"{code}\n")


if __name__ == "__main__":
    main()
