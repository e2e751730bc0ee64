"""What an admin is asked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accountsite.audit.trail import LONGEST_EXPLANATION


class Reason(forms.Form):
    """Why something is done to somebody."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Other admins read it in the audit trail; the person does not."),
        max_length=LONGEST_EXPLANATION,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
