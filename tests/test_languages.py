"""Every language of the site: its catalogue is whole, its pages speak it, and who chooses it."""

import gettext
import io
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import polib
import pytest
import responses
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup, NavigableString, Tag
from django.conf import settings as site
from django.test import Client
from django.utils import dateformat, translation
from django.utils.formats import get_format

from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.logto import tenant
from accountsite.notices import letters
from accountsite.notices.models import Notice
from accountsite.signin import oidc
from tests.appearance import test_error_pages as failures
from tests.checks import translations
from tests.conftest import ALICE, API, inspected
from tests.demo.oidc.visitor import Browser
from tests.demo_process import Tenant
from tests.logto import answers
from tests.signin.conftest import user
from tests.signin.issuer import Issuer

KOREAN = site.BASE_DIR / "locale" / "ko" / "LC_MESSAGES" / "django.po"
HANGUL = re.compile("[가-힣]")
VARIABLE = re.compile(r"%(?:\(\w+\))?[sd]")

# Catalogues


def test_every_language_but_that_of_the_sources_has_a_catalogue() -> None:
    found = {path.parent.parent.name for path in site.BASE_DIR.glob("locale/*/LC_MESSAGES/*.po")}

    assert found == {code for code, _name in site.LANGUAGES} - {site.LANGUAGE_CODE}


def test_the_catalogue_has_no_gaps() -> None:
    catalogue = polib.pofile(str(KOREAN))

    assert list(translations.compare(catalogue, catalogue)) == []
    assert catalogue.percent_translated() == 100


def test_the_catalogue_compiles_and_its_placeholders_fit() -> None:
    with KOREAN.open("rb") as file:
        complaints = [
            (message.id, error) for message, errors in read_po(file).check() for error in errors
        ]
    compiled = gettext.GNUTranslations(io.BytesIO(polib.pofile(str(KOREAN)).to_binary()))

    assert complaints == []
    assert compiled.gettext("Sign out") == "로그아웃"
    assert compiled.ngettext("%d minute", "%d minutes", 1) % 1 == "1분"


def test_no_particle_hangs_on_the_last_sound_of_a_variable() -> None:
    # 은 or 는, 이 or 가: which of them is right nobody knows before the variable has its value.
    particle = re.compile(
        r"%(\(\w+\))?[sd][’”]?(은|는|이|가|을|를|과|와|로|으로|\([은는이가을를과와으]+\))(?!\w)"
    )

    found = [
        text
        for entry in polib.pofile(str(KOREAN))
        for text in (entry.msgstr, *entry.msgstr_plural.values())
        if particle.search(text)
    ]

    assert found == []


# Pages


@pytest.fixture
def korean(client: Client, fresh_tenant: Tenant, settings: Any) -> Iterator[Client]:
    """A browser of alice, who reads Korean, signed in at a tenant without words of its own."""
    settings.LOGTO_ENDPOINT = fresh_tenant.endpoint
    settings.LOGTO_APP_ID, settings.LOGTO_APP_SECRET = (
        fresh_tenant.client_id,
        fresh_tenant.client_secret,
    )
    settings.LOGTO_M2M_APP_ID, settings.LOGTO_M2M_APP_SECRET = (
        fresh_tenant.m2m_client_id,
        fresh_tenant.m2m_client_secret,
    )
    oidc._client.cache_clear()
    fresh_tenant.register_site(settings.SITE_URL)
    for field in fresh_tenant.management("GET", "/custom-profile-fields").json():
        fresh_tenant.management("DELETE", f"/custom-profile-fields/{field['name']}")
    person = fresh_tenant.user("alice")["id"]
    fresh_tenant.management("PATCH", f"/users/{person}/profile", json={"profile": {"locale": "ko"}})

    visitor = Browser(fresh_tenant)
    visitor.open(client.get("/sign-in/")["Location"])
    callback = visitor.submit(
        "Sign in", identifier="alice", password=fresh_tenant.password_of("alice")
    )
    client.get(urlsplit(callback.url)._replace(scheme="", netloc="").geturl())
    client.post("/confirm/password/", {"password": fresh_tenant.password_of("alice")})
    yield client
    oidc._client.cache_clear()


def pages(client: Client) -> Iterator[tuple[str, BeautifulSoup]]:
    """Every page that links lead to from the first one, with its address."""
    waiting = ["/"]
    seen = {*waiting}
    while waiting:
        path = waiting.pop()
        response = client.get(path)
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            page = inspected(response.text)
            yield path, page
            links = [str(tag["href"]) for tag in page.find_all("a", href=True)]
        else:
            links = [response.get("Location", path)]
        addresses = {urldefrag(urljoin(path, link)).url for link in links}
        new = sorted(each for each in addresses - seen if each.startswith("/"))
        seen.update(new)
        waiting.extend(new)


def words(page: BeautifulSoup) -> Iterator[str]:
    """Whatever a person sees or hears of a page, piece by piece."""
    for tag in page.find_all(True):
        for name in ("alt", "aria-label", "data-offline", "label", "placeholder", "title"):
            if isinstance(found := tag.get(name), str):
                yield found
    for text in page.find_all(string=True):
        if type(text) is NavigableString:  # and no comment, doctype or script
            yield " ".join(text.split())


def originals() -> re.Pattern[str]:
    """Fits a text that is a sentence of the sources, whatever stands for its variables."""
    entries = [entry for entry in polib.pofile(str(KOREAN)) if entry.msgid != entry.msgstr]
    sentences = {text for entry in entries for text in (entry.msgid, entry.msgid_plural) if text}
    sayings = (VARIABLE.split(sentence) for sentence in sorted(sentences))
    return re.compile(
        "|".join(
            ".+".join(re.escape(part) for part in parts)
            for parts in sayings
            if re.search("[A-Za-z]", "".join(parts))  # there are some of variables alone
        )
    )


def untranslated(texts: Iterable[str]) -> list[str]:
    """Those that stand in the language of the sources."""
    in_english = originals()
    return [text for text in texts if in_english.fullmatch(text)]


def with_nothing_in_it(form: Tag) -> dict[str, str]:
    """What a form sends if nobody fills in anything."""
    hidden = form.find_all("input", type="hidden")
    return {str(tag["name"]): str(tag.get("value", "")) for tag in hidden}


@pytest.mark.demo
@pytest.mark.django_db(transaction=True)
def test_no_page_says_anything_in_the_language_of_the_sources(korean: Client) -> None:
    said = {path: untranslated(words(page)) for path, page in pages(korean)}

    assert len(said) > 20, "the pages were found"
    assert said.pop("/profile/preferences/language/") == ["English"], "its own name for itself"
    assert not any(said.values()), {path: texts for path, texts in said.items() if texts}


@pytest.mark.demo
@pytest.mark.django_db(transaction=True)
def test_a_form_with_nothing_in_it_is_refused_in_korean(korean: Client) -> None:
    forms = [
        (str(form["action"]), with_nothing_in_it(form))
        for _path, page in pages(korean)
        for form in page.select("main form[method=post]:has([aria-describedby], [required])")
    ]

    refusals = []
    for address, sent in forms:
        form = (korean.post(address, sent).context or {}).get("form")
        refusals += [str(text) for texts in form.errors.values() for text in texts] if form else []

    assert len(refusals) > 3, "some were refused"
    assert [text for text in refusals if not HANGUL.search(text)] == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", [failure[0] for failure in failures.FAILURES])
def test_pages_of_errors_speak_it_too(
    client: Client, settings: Any, wire: responses.RequestsMock, path: str
) -> None:
    settings.ROOT_URLCONF = failures.__name__
    wire.get(f"{API}/sign-in-exp", status=503)
    client.raise_request_exception = False

    page = inspected(client.get(path, headers={"Accept-Language": "ko"}).text)

    assert page.html["lang"] == "ko"
    assert HANGUL.search(page.h1.text)
    assert untranslated(words(page)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("action", Action)
def test_mails_speak_it_too(action: Action) -> None:
    event = trail.record(action, ALICE, values={"email": ("a@example.com", None)})
    notice = Notice(event=event, recipient="a@example.com", language="ko", time_zone="Asia/Seoul")
    notice.created_at = event.started_at

    letter = letters.of(notice)

    assert HANGUL.search(letter.subject)
    [(html, _kind)] = letter.alternatives
    texts = words(BeautifulSoup(str(html), "html.parser"))
    lines = [part for line in str(letter.body).splitlines() for part in line.split(": ")]
    assert untranslated([*texts, *lines, letter.subject]) == []


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("DATE_FORMAT", "2026년 11월 21일"),
        ("TIME_FORMAT", "오후 3:05"),
        ("DATETIME_FORMAT", "2026년 11월 21일 오후 3:05"),
        ("SHORT_DATETIME_FORMAT", "2026-11-21 오후 3:05"),
    ],
)
def test_the_part_of_the_day_comes_before_the_hour(name: str, written: str) -> None:
    with translation.override("ko"):
        assert (
            dateformat.format(datetime(2026, 11, 21, 15, 5, tzinfo=UTC), get_format(name))
            == written
        )


# Choices


@pytest.fixture
def issuer(wire: responses.RequestsMock) -> Issuer:
    """A good OpenID provider, met for the first time."""
    oidc._client.cache_clear()
    return Issuer(wire)


@pytest.fixture
def signed_in_with(
    client: Client, wire: responses.RequestsMock, issuer: Issuer
) -> Callable[[str | None], Client]:
    """Signs somebody in whose profile has this locale."""

    def signed_in_with(locale: str | None) -> Client:
        person = user(profile={"locale": locale} if locale else {})
        wire.get(f"{API}/users/{ALICE}", json=person)
        wire.get(f"{API}/users/{ALICE}/roles", json=[])
        wire.patch(f"{API}/users/{ALICE}/profile", json={})
        wire.get(f"{API}/account-center", json=answers.account_center())
        wire.get(f"{API}/custom-profile-fields", json=[])
        wire.get(f"{API}/sign-in-exp", json=answers.sign_in_experience())  # falls back to ko
        assert issuer.call_back(client)["Location"] == "/"
        return client

    return signed_in_with


def language(client: Client, *, accept: str = "") -> str:
    """The language in which the site answers a browser that asks for these."""
    page = inspected(client.get("/", headers={"Accept-Language": accept}).text)
    return str(page.html["lang"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("chosen", "locale"), [("en", "ko-KR"), ("ko", "en-GB")])
def test_the_persons_choice_comes_first(
    signed_in_with: Callable[..., Client], chosen: str, locale: str
) -> None:
    client = signed_in_with(locale)

    client.post("/profile/preferences/language/", {"value": chosen})

    assert language(client, accept=locale) == chosen


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("locale", "expected"), [("ko-KR", "ko"), ("ko_KR", "ko"), ("ko", "ko"), ("en-AU", "en")]
)
def test_then_the_locale_of_the_profile(
    signed_in_with: Callable[..., Client], locale: str, expected: str
) -> None:
    other = {"ko": "en", "en": "ko"}[expected]

    assert language(signed_in_with(locale), accept=other) == expected


@pytest.mark.django_db
@pytest.mark.parametrize("locale", [None, "fr-FR"])
@pytest.mark.parametrize(
    ("accept", "expected"), [("de, en;q=0.8, ko;q=0.5", "en"), ("en;q=0.3, ko-KR;q=0.9", "ko")]
)
def test_then_the_browsers_languages_in_its_order(
    signed_in_with: Callable[..., Client], locale: str | None, accept: str, expected: str
) -> None:
    assert language(signed_in_with(locale), accept=accept) == expected


@pytest.mark.django_db
@pytest.mark.parametrize("accept", ["", "fr, de;q=0.5", "*"])
def test_then_what_the_tenant_falls_back_to(
    signed_in_with: Callable[..., Client], accept: str
) -> None:
    client = signed_in_with(None)
    tenant.current()

    assert language(client, accept=accept) == "ko"


@pytest.mark.django_db
def test_and_english_while_nobody_knows_the_tenant(client: Client) -> None:
    response = client.get("/signed-out/", headers={"Accept-Language": "fr"})

    assert response["Content-Language"] == "en"
