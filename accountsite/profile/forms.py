"""The forms of the profile: that of any row, made from its description, and a few others."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accountsite import avatars
from accountsite.profile import fields, uploads, values
from accountsite.profile.catalogue import Row
from accountsite.profile.choices import Choice

CHANGED = "changed"  # the code of the error that tells of a change from elsewhere
FEW = 5  # options that can stand side by side


class Form(forms.Form):
    """A form that knows what its person saw when they began.

    `shown` travels with it, so that a change from elsewhere is not overwritten unseen. It
    protects nobody but them: there is nothing to gain from making one up.
    """

    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, now: values.Raw | None = None, **options: Any) -> None:
        """`now` is what Logto holds; a form that was sent brings its own."""
        options.setdefault("auto_id", "id_avatar_%s")
        options["initial"] = {"shown": values.fingerprint(now or {}), **options.get("initial", {})}
        super().__init__(*args, **options)

    @property
    def submit_label(self) -> str:
        """What the button says where it does more than it seems to; else empty."""
        return _("Save mine anyway") if self.has_error(NON_FIELD_ERRORS, CHANGED) else ""

    @property
    def shown_before(self) -> str:
        """What a valid form brought."""
        return str(self.cleaned_data["shown"])

    def show_again(self, now: values.Raw) -> None:
        """Go on from what Logto holds now: the next attempt is made in sight of it."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["shown"] = values.fingerprint(now)
        self.data = data


class Values(Form):
    """The values of one row."""

    def __init__(
        self,
        row: Row,
        now: values.Raw,
        data: QueryDict | None = None,
        *,
        typed: Mapping[str, Any] | None = None,
    ) -> None:
        """`now` is what Logto holds; `typed` was typed before, and comes in its place."""
        start = {row.field_name(part): values.typed(part, now.get(part.key)) for part in row.parts}
        super().__init__(
            data, now=now, initial={**start, **(typed or {})}, auto_id=f"id_{row.name}_%s"
        )
        for part in row.parts:
            name = row.field_name(part)
            self.fields[name] = fields.of(part, now=start[name])


class Picture(Form):
    """A picture to upload; cleaned, it is the bytes of a square WebP."""

    picture = forms.FileField(
        label=gettext_lazy("New picture"),
        help_text=gettext_lazy("JPEG, PNG, WebP or GIF, at most 5 MB. The middle of it is used."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
        error_messages={
            "required": gettext_lazy("Choose a picture."),
            "empty": gettext_lazy("Choose a picture that is not empty."),
        },
    )

    def __init__(self, *args: Any, was_given_up: bool = False, **options: Any) -> None:
        """`was_given_up` says that a file was sent which is too large to be among the files."""
        super().__init__(*args, **options)
        if was_given_up:
            self.fields["picture"].error_messages["required"] = _too_large()

    def clean_picture(self) -> bytes:
        """The picture as it is to be kept."""
        file = self.cleaned_data["picture"]
        if file.size > uploads.MOST_BYTES:
            raise ValidationError(_too_large(), code="size")
        try:
            return avatars.square(file.read())
        except avatars.UnableToUse as refusal:
            raise ValidationError(str(refusal), code="picture") from refusal


class Preference(Form):
    """One of the choices about this site."""

    def __init__(
        self, choice: Choice, data: QueryDict | None = None, *, typed: Mapping[str, Any]
    ) -> None:
        super().__init__(
            data, initial={"value": choice.now, **typed}, auto_id=f"id_{choice.row}_%s"
        )
        self.default = choice.options[0][0]
        del self.fields["shown"]  # one's own taste is not changed by others
        self.fields["value"] = forms.ChoiceField(
            label=choice.label,
            help_text=choice.help,
            choices=choice.options,
            required=False,
            widget=forms.RadioSelect if len(choice.options) <= FEW else forms.Select,
        )

    def clean_value(self) -> str:
        """What was chosen; nothing means the first option, which leaves it to browser or device."""
        return str(self.cleaned_data["value"]) or self.default


def _too_large() -> str:
    return _("Choose a picture of at most 5 MB.")
