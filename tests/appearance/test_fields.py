"""A form: help and errors beside the field, and the focus where to go on."""

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.template.loader import render_to_string


class Boat(forms.Form):
    """A form with a field of each shape."""

    name = forms.CharField(label="Name", help_text="Painted <i>on</i> the bow.")
    harbour = forms.CharField(label="Harbour")
    rig = forms.ChoiceField(
        label="Rig", choices=[("sloop", "Sloop"), ("ketch", "Ketch")], widget=forms.RadioSelect
    )
    insured = forms.BooleanField(label="Insured", required=False)
    hull = forms.CharField(widget=forms.HiddenInput, required=False)


def drawn(form):
    """The form in its frame, as a page shows it."""
    context = {
        "id": "row-boat",
        "label": "Boat",
        "form": form,
        "action": "/boat/",
        "cancel_url": "/boats/",
        "csrf_token": "a-token",
    }
    return BeautifulSoup(render_to_string("components/edit.html", context), "html.parser")


def field(page, name):
    return page.find(attrs={"name": name})


def test_help_stands_with_the_field_and_is_read_with_it():
    page = drawn(Boat())

    explanation = page.find(id=field(page, "name")["aria-describedby"])

    assert explanation.text == "Painted <i>on</i> the bow."
    assert explanation.find("i") is None


def test_an_error_stands_with_the_field_and_is_read_with_it():
    page = drawn(Boat({}))

    name = field(page, "name")

    assert name["aria-invalid"] == "true"
    described = [page.find(id=target).text for target in name["aria-describedby"].split()]
    assert described == ["Painted <i>on</i> the bow.", "This field is required."]


def test_a_group_of_choices_is_a_fieldset_with_its_name():
    group = drawn(Boat()).fieldset

    assert group.legend.find(string=True).strip() == "Rig"
    assert [label.get_text(strip=True) for label in group.find_all("label")] == ["Sloop", "Ketch"]


def test_what_is_required_says_so():
    page = drawn(Boat())

    assert page.find("label", attrs={"for": "id_name"}).find(class_="field__required")
    assert not page.find("label", attrs={"for": "id_insured"}).find(class_="field__required")


def test_the_first_refused_field_takes_the_focus():
    page = drawn(Boat({"name": "Ada", "rig": "sloop"}))

    assert [tag["name"] for tag in page.find_all(autofocus=True)] == ["harbour"]


def test_a_group_of_choices_takes_none_as_each_of_them_would():
    assert not drawn(Boat({"name": "Ada", "harbour": "Hull"})).find_all(autofocus=True)


def test_a_form_that_was_not_sent_takes_no_focus():
    assert not drawn(Boat()).find_all(autofocus=True)


def test_a_refusal_of_the_whole_form_is_an_alert_above_its_fields():
    form = Boat({"name": "Ada", "harbour": "Hull", "rig": "sloop"})
    form.add_error(None, "Logto <b>says</b> no.")

    alert = drawn(form).find(role="alert")

    assert alert.get_text(strip=True) == "Logto <b>says</b> no."
    assert alert.find_next(attrs={"name": "name"})


def test_a_form_works_without_htmx():
    form = drawn(Boat()).form

    assert (form["method"], form["action"]) == ("post", "/boat/")
    assert field(form, "csrfmiddlewaretoken")["value"] == "a-token"
    assert field(form, "hull")["type"] == "hidden"
    assert form.find("a", string="Cancel")["href"] == "/boats/#row-boat"


def test_with_htmx_it_takes_the_rows_place_and_gives_it_back():
    form = drawn(Boat()).form
    cancel = form.find("a", string="Cancel")

    assert (form["id"], form["hx-post"], form["hx-swap"]) == ("row-boat", "/boat/", "outerHTML")
    assert (cancel["hx-get"], cancel["hx-select"]) == ("/boats/", "#row-boat")


@pytest.mark.parametrize(
    ("given", "action"),
    [({"value": "Ada"}, "Edit"), ({"value": ""}, "Add"), ({"edit_label": "Show"}, "Show")],
)
def test_a_row_offers_what_can_be_done(given, action):
    html = render_to_string(
        "components/row.html", {"id": "row-boat", "label": "Boat", "edit_url": "/boat/", **given}
    )

    link = BeautifulSoup(html, "html.parser").a
    assert link.get_text() == f"{action}, Boat"
    assert (link["href"], link["hx-target"]) == ("/boat/", "#row-boat")


def test_a_row_that_is_read_only_says_so_and_offers_nothing():
    html = render_to_string(
        "components/row.html", {"id": "r", "label": "Boat", "edit_url": "/boat/", "read_only": True}
    )

    row = BeautifulSoup(html, "html.parser")
    assert "Read only" in row.get_text()
    assert row.a is None


def test_a_row_without_a_value_says_so():
    html = render_to_string("components/row.html", {"id": "r", "label": "Boat", "value": ""})

    assert "Not set" in html
