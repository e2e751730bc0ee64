"""The site's own settings, and on top what tells with each page where its time went."""

from accountsite.settings import *  # noqa: F403
from accountsite.settings import MIDDLEWARE as OWN

MIDDLEWARE = ["tests.bench.timing.timing", *OWN]
