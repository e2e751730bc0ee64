"""What the overview says of a section."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accountsite import sections


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something worth doing next: what, why, and the page to do it on."""

    title: str
    reason: str
    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a section stands. `total` is 0 where there is nothing to count."""

    section: sections.Section
    text: str
    done: int = 0
    total: int = 0
    step: Step | None = None
    is_known: bool = True


def unknown(slug: str) -> Standing:
    """What to say of a section that can't be read."""
    text = _("This can’t be read at the moment. Try again in a minute.")
    return Standing(section=sections.named(slug), text=text, is_known=False)
