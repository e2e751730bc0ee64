"""How a person likes this site: language, time zone and theme, as rows to choose in."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from accountsite.profile import zones
from accountsite.signin.preferences import Preferences

type Options = list[zones.Choice | zones.Group]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of them. `name` is its key among the preferences; "" leaves it to the browser or site."""

    name: str
    label: str
    now: str
    text: str
    help: str

    @property
    def slug(self) -> str:
        """Its name in an address."""
        return self.name.replace("_", "-")

    @property
    def row(self) -> str:
        """Its name among the rows of the page."""
        return f"preference-{self.slug}"

    @property
    def id(self) -> str:
        """What the row is called on a page."""
        return f"row-{self.row}"

    @property
    def options(self) -> Options:
        """What can be chosen; time zones come in groups."""
        if self.name == "time_zone":
            return [("", _default_zone()), *zones.choices(also=self.now)]
        return [*(_languages() if self.name == "language" else _themes()).items()]


def every(liked: Preferences) -> tuple[Choice, ...]:
    """All three, with what is chosen now."""
    return (
        Choice(
            name="language",
            label=_("Language"),
            now=liked.language,
            text=_languages()[liked.language],
            help=_("Of this site. Other apps that you sign in to can follow it."),
        ),
        Choice(
            name="time_zone",
            label=_("Time zone"),
            now=liked.time_zone,
            text=zones.label(liked.time_zone) if liked.time_zone else _default_zone(),
            help=_("For the times on this site. Other apps that you sign in to can follow it."),
        ),
        Choice(
            name="theme",
            label=_("Theme"),
            now=liked.theme,
            text=_themes()[liked.theme],
            help=_("In this browser."),
        ),
    )


def named(slug: str, liked: Preferences) -> Choice | None:
    """One of them, by its name in an address."""
    return next((choice for choice in every(liked) if choice.slug == slug), None)


def _languages() -> dict[str, str]:
    """Each by its own name, so that it can be found in a site that speaks the wrong one."""
    own = {code: get_language_info(code)["name_local"] for code, _name in settings.LANGUAGES}
    return {"": _("As my browser asks"), **own}


def _default_zone() -> str:
    return _("Universal time (UTC)")


def _themes() -> dict[str, str]:
    return {"system": _("As my device is set"), "light": _("Light"), "dark": _("Dark")}
