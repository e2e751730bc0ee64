"""EMAIL_URL: where mails go."""

import pytest
from django.core.mail import mailers

from accountsite import environment


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp://relay", 25, False, False),
        ("smtp://relay:1025", 1025, False, False),
        ("submission://mail.example.com", 587, True, False),
        ("smtps://mail.example.com", 465, False, True),
    ],
)
def test_the_scheme_says_how_the_mail_is_protected(settings, url, port, tls, ssl):
    settings.MAILERS = environment.mailers(url)

    mailer = mailers.default

    assert environment.is_mail_server(url)
    assert (mailer.port, mailer.use_tls, mailer.use_ssl) == (port, tls, ssl)
    assert mailer.timeout


def test_user_and_password_may_hold_any_character(settings):
    settings.MAILERS = environment.mailers("submission://a%40b:p%2Fw%3A@mail.example.com")

    mailer = mailers.default

    assert (mailer.username, mailer.password) == ("a@b", "p/w:")


@pytest.mark.parametrize("url", ["none", "console"])
def test_no_server_is_an_answer_too(settings, url):
    settings.MAILERS = environment.mailers(url)

    assert environment.is_mail_server(url)
    assert (mailers.get("default") is None) == (url == "none")


@pytest.mark.parametrize(
    "url", ["mail.example.com", "https://mail.example.com", "smtp://", "smtp:x"]
)
def test_anything_else_is_refused(url):
    assert not environment.is_mail_server(url)
