"""How forms are drawn, beyond their templates."""

from typing import Any

from django.forms import BoundField, Widget
from django.forms.renderers import TemplatesSetting


class Field(BoundField):
    """A field that takes the focus if it is the first one refused: the page opens where to go on.

    A group of choices can't, as each of its inputs would ask for it.
    """

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: Widget | None = None
    ) -> dict[str, Any]:
        """The attributes of the input."""
        built = super().build_widget_attrs(attrs, widget)
        refused = (name for name in self.form.fields if name in self.form.errors)
        if self.errors and not self.field.widget.use_fieldset and next(refused, None) == self.name:
            built["autofocus"] = True
        return built


class Renderer(TemplatesSetting):
    """Forms are drawn by the templates of this site, with such fields."""

    bound_field_class = Field
