"""Which addresses people may be sent back to."""

import pytest
from django.conf import settings as django_settings
from hypothesis import given
from hypothesis import strategies as st

from accountsite.environment import Environment, Wrong, origins
from accountsite.links import targets

HOSTS = {
    "app.example.com": "Notes",
    "shop.example.com": "",
    "app.example.com:8443": "",
    "localhost:3999": "",
}


@pytest.fixture(autouse=True)
def hosts(settings):
    settings.RETURN_HOSTS = HOSTS


@pytest.mark.parametrize(
    ("url", "label"),
    [
        ("https://app.example.com", "Notes"),
        ("https://app.example.com/", "Notes"),
        ("https://app.example.com:443/settings?tab=2#top", "Notes"),
        ("https://APP.example.com/", "Notes"),
        ("HTTPS://app.example.com/", "Notes"),
        ("https://app.example.com?x=1", "Notes"),
        ("https://shop.example.com/%ED%95%9C", "shop.example.com"),
        ("https://app.example.com:8443/", "app.example.com:8443"),
        ("http://localhost:3999/", "localhost:3999"),
        ("https://localhost:3999/", "localhost:3999"),
    ],
)
def test_a_listed_host_is_one(url, label):
    target = targets.allowed(url)

    assert target is not None
    assert (target.url, target.label) == (url, label)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/",
        "//app.example.com/",
        "///app.example.com/",
        "https:app.example.com",
        "https:/app.example.com/",
        "https:///app.example.com/",
        "https://",
        "app.example.com",
        # other schemes
        "http://app.example.com/",
        "ftp://app.example.com/",
        "javascript://app.example.com/%0aalert(1)",
        "javascript:alert(1)//https://app.example.com/",
        "data:text/html,https://app.example.com/",
        "blob:https://app.example.com/1",
        # somebody else's host
        "https://example.com/",
        "https://evil.example/",
        "https://evil.example/https://app.example.com/",
        "https://evil.example?https://app.example.com/",
        "https://evil.example#app.example.com",
        "https://app.example.com.evil.example/",
        "https://evilapp.example.com/",
        "https://sub.app.example.com/",
        "https://app.example.com./",
        "https://app.example.com:8444/",
        "https://app.example.com:0/",
        "https://app.example.com:99999/",
        "https://app.example.com:/",
        "https://app.example.com:443:443/",
        "http://localhost/",
        "http://localhost:3998/",
        "http://127.0.0.1:3999/",
        "http://localhost:3999.evil.example/",
        # names and passwords
        "https://app.example.com@evil.example/",
        "https://app.example.com:pass@evil.example/",
        "https://me@app.example.com/",
        "https://@app.example.com/",
        # what browsers read in their own way
        "https://evil.example\\@app.example.com/",
        "https://evil.example\\.app.example.com/",
        "https:\\\\app.example.com\\",
        "https://app.example.com\\.evil.example/",
        "https://app.exam\tple.com/",
        "https://app.example.com\n/",
        "\thttps://app.example.com/",
        " https://app.example.com/",
        "https://app.example.com/ ",
        "https://app.example.com/\r\nSet-Cookie: a=b",
        "https://app.example.com/\0",
        "https://app.example.com/\x7f",
        "https://app.example.com%2eevil.example/",
        "https://app%2eexample.com/",
        "https://[app.example.com]/",
        "https://[::1/",
        "https://app.example.com[/",
        # letters that look alike
        "https://аpp.example.com/",
        "https://app。example。com/",
        "https://app.example.com／",
        "https://ａpp.example.com/",
        "https://app.example.com/한",
        "https://app.example.com/" + "a" * 2000,
    ],
)
def test_nothing_else_is(url):
    assert targets.allowed(url) is None


@given(st.text(alphabet="htps:/\\@.aexmplco?#[]% \t\n0:4", max_size=40))
def test_whatever_is_let_through_is_at_a_listed_host(text):
    for url in (text, f"https://{text}", f"https://app.example.com{text}"):
        if targets.allowed(url):
            assert url.lower().startswith(("https://app.example.com", "https://shop.example.com"))
            rest = url[len("https://app.example.com") :]
            assert rest[:1] in {"", "/", "?", "#"} or rest.startswith((":443", ":8443"))


def test_without_a_list_there_is_no_way_back(settings):
    settings.RETURN_HOSTS = {}

    assert targets.allowed("https://app.example.com/") is None


@pytest.mark.parametrize(
    ("written", "hosts"),
    [
        ("", {}),
        ("app.example.com", {"app.example.com": ""}),
        (
            "App.example.com = Notes & more , localhost:3000",
            {"app.example.com": "Notes & more", "localhost:3000": ""},
        ),
        ("app.example.com:443", {"app.example.com": ""}),
    ],
)
def test_the_operator_lists_hosts(monkeypatch, written, hosts):
    monkeypatch.setenv("HOSTS", written)

    assert Environment().hosts("HOSTS") == hosts


@pytest.mark.parametrize(
    "written", ["https://app.example.com", "*.example.com", "app.example.com/path", "a@b", "앱.com"]
)
def test_what_is_no_host_keeps_the_site_from_starting(monkeypatch, written):
    monkeypatch.setenv("HOSTS", written)

    with pytest.raises(Wrong, match="HOSTS is wrong"):
        Environment().hosts("HOSTS")


def test_a_form_may_end_there():
    """Chromium holds `form-action` against the redirects after a form, too."""
    assert origins(["app.example.com", "localhost:3000"]) == [
        "https://app.example.com",
        "https://localhost:3000",
        "http://localhost:3000",
    ]
    assert "https://app.example.com" in django_settings.SECURE_CSP["form-action"]
