"""What the browser takes for words of ours, and how it fills in a form."""

import pytest
import requests
from bs4 import BeautifulSoup

from tests.chaos import people
from tests.chaos.browser import Page, fields_of, words_of
from tests.chaos.records import Said

OURS = (
    "<html><head><link rel=stylesheet href=/static/css/site.css></head>"
    "<main><h1>No answer</h1><p>Try again in a moment.</p></main></html>"
)


def response(
    status: int, text: str, *, request_id: str = "page-1", kind: str = "text/html"
) -> requests.Response:
    """As it comes over the wire."""
    made = requests.Response()
    made.status_code, made._content = status, text.encode()
    made.headers["Content-Type"] = kind
    if request_id:
        made.headers["X-Request-ID"] = request_id
    return made


def page(html: str, *, status: int = 200, first: int = 200) -> Page:
    """Where a form led to."""
    return Page("http://localhost/", status, first, BeautifulSoup(html, "html.parser"))


def test_a_page_of_ours_that_refuses_has_words() -> None:
    assert words_of(response(503, OURS)) == "Try again in a moment."


def test_an_alert_says_it_before_the_rest() -> None:
    alert = OURS.replace("<p>", "<p role=alert>Not this.</p><p>")

    assert words_of(response(422, alert)) == "Not this."


def test_a_form_that_is_shown_again_says_what_is_wrong_with_it() -> None:
    wrong = OURS.replace("</p>", "</p><div class=errors><ul><li>Too short.</li></ul></div>")

    assert words_of(response(422, wrong)) == "Too short."
    assert words_of(response(422, OURS)) == ""


@pytest.mark.parametrize(
    "given",
    [
        response(502, "<h1>502 Bad Gateway</h1><p>nginx</p>", request_id=""),
        response(500, "<h1>Server Error (500)</h1><p></p>"),
        response(503, OURS, request_id=""),
        response(503, OURS, kind="text/plain"),
        response(503, OURS.replace("Try again in a moment.", "")),
    ],
)
def test_a_page_of_anybody_else_has_none(given: requests.Response) -> None:
    assert words_of(given) == ""


def test_a_form_is_sent_as_it_stands() -> None:
    html = """<form><input name=a value=1><input type=checkbox name=b checked>
        <input type=checkbox name=c><input type=radio name=d value=x checked>
        <input type=radio name=d value=y><textarea name=e>\ntext</textarea>
        <select name=f><option value=1><option value=2 selected></select>
        <input type=file name=g><button name=h>Send</button></form>"""

    form = BeautifulSoup(html, "html.parser").form

    assert form is not None
    assert fields_of(form) == {"a": "1", "b": "on", "d": "x", "e": "text", "f": "2"}


DONE = '<p class="message--success">Saved.</p>'


@pytest.mark.parametrize(
    ("answered", "said"),
    [
        (page(DONE, first=303), Said.DONE),
        (page("", first=303), Said.UNCERTAIN),  # nobody said that it was done
        (page(DONE, status=503, first=303), Said.UNCERTAIN),
        (page("", status=422, first=422), Said.REFUSED),
        (page("", status=503, first=503), Said.UNCERTAIN),
        (page("", status=502, first=502), Said.UNCERTAIN),
        (page("", status=0, first=0), Said.UNCERTAIN),
    ],
)
def test_what_a_form_led_to_tells_how_it_ended(answered: Page, said: Said) -> None:
    assert people.said_by(answered, done=people.DONE) is said
