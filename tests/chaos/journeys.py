"""What people come for. A journey is a few of these acts, in an order of their own."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping

from PIL import Image

from tests.chaos import addresses, credentials
from tests.chaos.browser import Page
from tests.chaos.people import USER, Person
from tests.chaos.records import Said

SECTIONS = (
    "/",
    "/profile/",
    "/sign-in-methods/",
    "/security/",
    "/connections/",
    "/devices/",
    "/apps/",
    "/tokens/",
    "/organizations/",
    "/activity/",
    "/privacy/",
)
LOOKS = 10  # for a copy of one's data that is being put together


def look_around(person: Person) -> None:
    """Every section, once."""
    for path in person.dice.sample(SECTIONS, len(SECTIONS)):
        person.open(path)
        person.pause()


def rename(person: Person) -> None:
    """Another name."""
    name = f"{person.dice.choice(NAMES)} {person.dice.randrange(1000)}"
    person.change(
        "name",
        "/profile/name/",
        writes=f"PATCH {USER}$",
        values=lambda page: in_text(page, "/profile/name/", name),
        fact="name",
        value=name,
    )


def choose_picture(person: Person) -> None:
    """A picture in which no pixel is like its neighbour, so that it takes some room."""
    picture = _picture()
    person.change(
        "picture",
        "/profile/avatar/",
        writes=f"PATCH {USER}$",
        files=lambda: {"picture": ("me.png", picture, "image/png")},
    )


def note(person: Person) -> None:
    """Custom data that are other ones than before."""
    written = json.dumps({"note": person.dice.randrange(10**6)})
    person.change(
        "custom data",
        "/privacy/custom-data/",
        writes=rf"PATCH {USER}(/custom-data)?$",
        values={"text": written},
        fact="customData",
        value=written,
    )


def sign_in_elsewhere(person: Person) -> None:
    """Sign in in another browser as well."""
    person.sign_in_with(person.another_browser())


def sign_out_elsewhere(person: Person) -> None:
    """Sign in in another browser, and end that session from this one: it must be over there."""
    other = person.another_browser()
    if not person.sign_in_with(other):
        return
    act = person.change("other sessions", "/devices/others/", writes=rf"DELETE {USER}/sessions/")
    if act.said is Said.DONE:
        page = other.open("/profile/")
        if page.is_good and page.path == "/profile/":
            person.deny("was told that other sessions ended, and one of them goes on")


def take_data_along(person: Person) -> None:
    """Ask for a copy of all data, wait until it is there, and download it."""
    page_of_it, file = "/privacy/export/", "/privacy/export/file/"
    asked = person.change(
        "export",
        page_of_it,
        writes="",  # Logto knows nothing of it
        done=f"[hx-get='/privacy/export/progress/'], a[href='{file}']",
    )
    for _look in range(LOOKS if asked.said is Said.DONE else 0):
        person.pause(2)
        if person.open(page_of_it).has(f"a[href='{file}']"):
            page = person.open(file)
            if page.is_good and page.path == file and not _is_whole(page.content):
                person.deny("got a copy of their data that is none")
            return


def look_at_apps(person: Person) -> None:
    """See which apps have access, and what the first of them may do."""
    page = person.open("/apps/")
    link = page.html.find("a", href=re.compile(r"^/apps/[^/]+/$"))
    if link is not None:
        person.open(str(link["href"]))


def sign_out(person: Person) -> None:
    """Leave."""
    page = person.open("/sign-out/")
    form = page.form("/sign-out/")
    if form is not None:
        person.is_signed_in = False
        person.browser.send(page, form)


NAMES = ("Ada", "Bo", "Chae-won", "Dara", "Élodie", "Farah", "Gabriel", "Ha-eun")
ACTS: tuple[Callable[[Person], None], ...] = (
    rename,
    choose_picture,
    note,
    addresses.change_email,
    addresses.change_phone,
    addresses.change_username,
    credentials.change_password,
    credentials.use_an_authenticator,
    credentials.use_tokens,
    credentials.use_a_connection,
    sign_out_elsewhere,
    take_data_along,
    look_at_apps,
)


def in_text(page: Page, action: str, text: str) -> Mapping[str, str] | None:
    """This text in the first field of a form in which one can write."""
    form = page.form(action)
    field = form.find("input", type="text") if form else None
    return {str(field["name"]): text} if field else None


def _picture() -> bytes:
    written = io.BytesIO()
    Image.effect_noise((600, 600), 80).convert("RGB").save(written, "PNG")
    return written.getvalue()


def _is_whole(content: bytes) -> bool:
    """Whether this is an archive in which nothing is broken."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return bool(archive.namelist()) and archive.testzip() is None
    except zipfile.BadZipFile:
        return False
