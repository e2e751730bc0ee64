"""What somebody writes who wants their account deleted."""

import unicodedata

from django import forms
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

MARKS = " .,!?\"'“”‘’„«»「」『』"


def phrase() -> str:
    """The words to write, in the active language."""
    # Translators: somebody types this to delete their account. Short, and without punctuation.
    return _("delete my account")


class Phrase(forms.Form):
    """The words, in any language of the site; case, spaces and marks around them don't count."""

    phrase = forms.CharField(
        max_length=100,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        words = {"phrase": phrase()}
        self.fields["phrase"].label = _("Write “%(phrase)s”") % words
        self.fields["phrase"].error_messages["required"] = (
            _("To go on, write “%(phrase)s”.") % words
        )

    def clean_phrase(self) -> str:
        """What was written, if it is the phrase."""
        written: str = self.cleaned_data["phrase"]
        if _plain(written) not in set(map(_plain, _phrases())):
            raise forms.ValidationError(
                _("To go on, write “%(phrase)s”."), params={"phrase": phrase()}
            )
        return written


def _phrases() -> list[str]:
    """In each language: in another tab it may have been changed."""
    found = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.append(phrase())
    return found


def _plain(text: str) -> str:
    """As it is compared: NFKC, so that full-width letters count like others, and no fuss."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().strip(MARKS).split())
