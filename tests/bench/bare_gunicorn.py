"""The site's settings of gunicorn without what they do for the site itself."""

from pathlib import Path
from runpy import run_path

OWN = run_path(str(Path(__file__).resolve().parents[2] / "gunicorn.conf.py"))
KEPT = {name: value for name, value in OWN.items() if not callable(value)}
globals().update({name: KEPT[name] for name in KEPT if not name.startswith(("_", "logger_class"))})
