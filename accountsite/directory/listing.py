"""The change list: a page of people, searched and counted by Logto."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accountsite.directory.models import User
from accountsite.logto import users
from accountsite.logto.users import Field, Mode

PER_PAGE = 50
MOST_CHARACTERS = 128
FIELD, MODE = "in", "match"
DIGITS = "0123456789"


class _Choice(admin.SimpleListFilter):
    """A filter of the sidebar that says how the text in the search box is looked for."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        """Nothing of its own: `search` reads it."""
        return queryset

    def choices(self, changelist: Any) -> Iterator[Any]:
        """As Django's, but the default has a name of its own."""
        every, *rest = super().choices(changelist)
        yield {**every, "display": self.default}
        yield from rest

    default: Any = ""


class Where(_Choice):
    """In which field."""

    title = _("searching in")
    parameter_name = FIELD
    default = _("Everything")

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Logto's fields."""
        return [
            ("email", _("Email")),
            ("name", _("Name")),
            ("username", _("Username")),
            ("phone", _("Phone")),
            ("id", _("Id")),
        ]


class How(_Choice):
    """How much of the field the text has to be."""

    title = _("how the text matches")
    parameter_name = MODE
    default = _("Anywhere in it")

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Logto's modes."""
        return [("starts", _("Its beginning")), ("exact", _("All of it"))]


FIELDS = {
    "email": Field.EMAIL,
    "name": Field.NAME,
    "username": Field.USERNAME,
    "phone": Field.PHONE,
    "id": Field.ID,
}


class People(ChangeList):
    """Django's change list, whose rows come from Logto."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[User]:
        """An empty one: it only carries the filters."""
        specs = self.get_filters(request)
        self.filter_specs, self.has_filters, _rest, _doubles, self.has_active_filters = specs
        self.clear_all_filters_qs = self.get_query_string(remove=[FIELD, MODE])
        return User.objects.none()

    def get_results(self, request: HttpRequest) -> None:
        """One page, and how many there are. Raises Unavailable.

        A page behind the last one answers as Django's own does.
        """
        found = users.search(
            **query(self.query, self.params),
            page=max(1, self.page_num),
            page_size=self.list_per_page,
        )
        total = found.total if found.total is not None else len(found.items)
        self.result_list = [User.of(person) for person in found.items]
        self.result_count = self.full_result_count = total
        self.show_full_result_count = False
        self.show_admin_actions = bool(self.result_list)
        self.can_show_all = False
        self.multi_page = total > self.list_per_page
        self.paginator = Paginator(range(total), self.list_per_page)
        if not 1 <= self.page_num <= self.paginator.num_pages:
            raise IncorrectLookupParameters


def query(text: str, given: dict[str, str]) -> dict[str, Any]:
    """What `users.search` is asked for, from the search box and the filters beside it."""
    by = FIELDS.get(given.get(FIELD, ""))
    try:
        mode = Mode(given.get(MODE, Mode.CONTAINS))
    except ValueError:
        mode = Mode.CONTAINS
    return {"text": _plain(text, by), "by": by, "mode": mode}


def _plain(text: str, by: Field | None) -> str:
    """The text as Logto keeps such values: of a phone number, the digits alone."""
    text = text.strip()[:MOST_CHARACTERS]
    digits = "".join(letter for letter in text if letter in DIGITS)
    is_number = text.startswith("+") and not any(letter.isalpha() for letter in text)
    return digits if digits and (by is Field.PHONE or is_number) else text
