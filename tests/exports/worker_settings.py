"""The site's own settings in front of the demo tenant, whose ids they refuse outside of the demo."""

import os

from accountsite.settings import *  # noqa: F403

LOGTO_M2M_APP_ID = os.environ["DEMO_M2M_APP_ID"]
LOGTO_M2M_APP_SECRET = os.environ["DEMO_M2M_APP_SECRET"]
