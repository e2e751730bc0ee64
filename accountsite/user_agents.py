"""Browsers and devices in words that their owners would use."""

import functools
import re

from django.utils.translation import gettext as _
from ua_parser import Parser
from ua_parser.loaders import load_lazy_builtins

LONGEST_NAME = 40

_FAMILIES = {
    "Mobile Safari": "Safari",
    "Mobile Safari UI/WKWebView": "Safari",
    "HeadlessChrome": "Chrome",
    "IE": "Internet Explorer",
}
_SYSTEMS = {"Mac OS X": "macOS"}
_APPLE = {"iPhone", "iPad", "iPod"}
_VARIANT = re.compile(r" (Mobile|iOS|Mobile iOS|Mobile WebView)$")


def describe(user_agent: str) -> str:
    """Such as `Chrome on Windows` or `Safari on iPhone`, in the active language.

    The User-Agent header is whatever the client wrote: this is a hint for its owner, no proof.
    """
    found = _parser().parse(user_agent)
    browser = _browser(found.user_agent.family) if found.user_agent else ""
    system = _SYSTEMS.get(found.os.family, found.os.family) if found.os else ""
    if found.device and found.device.family in _APPLE:
        system = found.device.family
    if browser and system:
        words = {"browser": browser[:LONGEST_NAME], "system": system[:LONGEST_NAME]}
        return _("%(browser)s on %(system)s") % words
    return (browser or system)[:LONGEST_NAME] or _("Unknown device")


def _browser(family: str) -> str:
    return _FAMILIES.get(family) or _VARIANT.sub("", family)


@functools.cache
def _parser() -> Parser:
    """It keeps the newest two thousand answers.

    Of the 633 rules for devices it gets those that name Apple's, which are all that is asked for:
    the others would take 15 MB of each process.
    """
    browsers, systems, devices = load_lazy_builtins()
    apple = [rule for rule in devices if any(name in rule.regex for name in _APPLE)]
    return Parser.from_matchers((browsers, systems, apple))
