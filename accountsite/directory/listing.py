"""The change list: a page of people, searched and counted by Logto."""

from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from accountsite.directory.models import User
from accountsite.logto import users
from accountsite.logto.users import Field, Mode

PER_PAGE = 50
MOST_CHARACTERS = 128
FIELD, MODE = "in", "match"
DIGITS = "0123456789"


FIELDS = {
    "email": Field.EMAIL,
    "name": Field.NAME,
    "username": Field.USERNAME,
    "phone": Field.PHONE,
    "id": Field.ID,
}


WHERE = (
    ("", gettext_lazy("everything")),
    ("email", gettext_lazy("email")),
    ("name", gettext_lazy("name")),
    ("username", gettext_lazy("username")),
    ("phone", gettext_lazy("phone")),
    ("id", gettext_lazy("id")),
)
HOW = (
    ("", gettext_lazy("contains")),
    (Mode.STARTS.value, gettext_lazy("begins with")),
    (Mode.EXACT.value, gettext_lazy("is exactly")),
)


class People(ChangeList):
    """Django's change list, whose rows come from Logto, and whose search is Logto's."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[User]:
        """An empty one. What Django would filter by, Logto can't: other parameters are ignored."""
        self.filter_specs = []
        self.has_filters = self.has_active_filters = False
        self.clear_all_filters_qs = self.get_query_string(remove=[FIELD, MODE])
        return User.objects.none()

    @property
    def where(self) -> list[tuple[str, Any, bool]]:
        """The fields to search in, and which of them it is."""
        now = self.params.get(FIELD, "")
        return [(value, title, value == now) for value, title in WHERE]

    @property
    def how(self) -> list[tuple[str, Any, bool]]:
        """How the text may match, and which of them it is."""
        now = self.params.get(MODE, "")
        return [(value, title, value == now) for value, title in HOW]

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
