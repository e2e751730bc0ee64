"""The forms of the activity."""

from django import forms


class NotMe(forms.Form):
    """Nothing is asked; what can't be done is told above its button."""
