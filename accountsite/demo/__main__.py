"""`python -m accountsite.demo` runs the tenant alone, for a site that is started by itself."""

import argparse

from accountsite.demo import credentials, server


def main() -> None:
    """Read the options and serve until stopped. Secrets come from the environment."""
    parser = argparse.ArgumentParser(prog="python -m accountsite.demo", description=__doc__)
    parser.add_argument("--port", type=int, default=3301, help="default: %(default)s")
    parser.add_argument(
        "--site", default="http://localhost:8000", help="origin of the site (default: %(default)s)"
    )
    options = parser.parse_args()
    server.Server(
        port=options.port,
        site=options.site.rstrip("/"),
        credentials=credentials.Credentials.from_environment(),
    ).run()


if __name__ == "__main__":
    main()
