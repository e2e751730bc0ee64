"""The form of the export."""

from django import forms


class Request(forms.Form):
    """Nothing is asked. `instead_of` is the export that the page showed, if it showed one."""

    instead_of = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
