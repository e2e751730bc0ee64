"""Who somebody is: account, profile, custom data."""

import base64
from typing import Any

from django.utils.translation import gettext as _

from accountsite import avatars
from accountsite.exports import chapters
from accountsite.exports.chapters import Chapter, File, Picture, Text
from accountsite.exports.parts.subject import Subject
from accountsite.logto.users import User


def account(subject: Subject) -> Chapter:
    """What the account is known by, and the picture if it is kept here."""
    user = subject.user
    picture = avatars.own(user.avatar, account_id=user.id)
    found = chapters.facts(
        (_("Account id"), user.id),
        (_("Name"), user.name),
        (_("Username"), user.username),
        (_("Email address"), user.primary_email),
        (_("Phone number"), f"+{user.primary_phone}" if user.primary_phone else None),
        (_("Picture"), user.avatar),
        (_("Has a password"), user.has_password),
        (_("Suspended"), user.is_suspended),
        (_("Created"), user.created_at),
        (_("Last changed"), user.updated_at),
        (_("Last sign-in"), user.last_sign_in_at),
        (_("Registered with the app"), user.application_id),
    )
    return Chapter(
        data=_account(user),
        blocks=(found, Picture(address=_inline(picture))) if picture else (found,),
        files=(File(name="picture.webp", content=picture),) if picture else (),
    )


def profile(subject: Subject) -> Chapter:
    """The claims that apps are told of."""
    known = subject.user.profile
    where = known.address
    found = chapters.facts(
        (_("Given name"), known.given_name),
        (_("Middle name"), known.middle_name),
        (_("Family name"), known.family_name),
        (_("Nickname"), known.nickname),
        (_("Preferred username"), known.preferred_username),
        (_("Gender"), known.gender),
        (_("Date of birth"), known.birthdate),
        (_("Website"), known.website),
        (_("Profile page"), known.profile),
        (_("Language"), known.locale),
        (_("Time zone"), known.zoneinfo),
        (_("Full address"), where.formatted),
        (_("Street address"), where.street_address),
        (_("City"), where.locality),
        (_("State, province or region"), where.region),
        (_("Postal code"), where.postal_code),
        (_("Country"), where.country),
    )
    return Chapter(data=known.to_json(), blocks=(found,))


def custom_data(subject: Subject) -> Chapter:
    """What apps keep with the account, as they wrote it."""
    data = subject.user.custom_data
    blocks = (Text(text=chapters.written(data)),) if data else ()
    return Chapter(data=data, blocks=blocks)


def _account(user: User) -> dict[str, Any]:
    """All of the person that has no chapter of its own."""
    elsewhere = {"profile", "custom_data", "identities", "enterprise_identities"}
    return {key: value for key, value in chapters.plain(user).items() if key not in elsewhere}


def _inline(picture: bytes) -> str:
    return f"data:{avatars.CONTENT_TYPE};base64,{base64.b64encode(picture).decode()}"
