"""/email-templates and /custom-phrases: the tenant's own words."""

from accountsite.demo import state
from accountsite.demo.api import errors, guard
from accountsite.demo.api.calls import Answer, Call, created

KINDS = (
    *("SignIn", "Register", "ForgotPassword", "OrganizationInvitation", "Generic"),
    *("UserPermissionValidation", "BindNewIdentifier", "MfaVerification", "BindMfa"),
)
_optional_text = guard.optional(guard.text())
_details = {
    "contentType": guard.optional(guard.one_of("text/html", "text/plain")),
    "replyTo": _optional_text,
    "sendFrom": _optional_text,
}
DETAILS = guard.obj({"subject": guard.text(), "content": guard.text(), **_details})
CHANGES = guard.obj({"subject": _optional_text, "content": _optional_text, **_details})
TEMPLATES = guard.obj(
    {
        "templates": guard.array(
            guard.obj(
                {
                    "languageTag": guard.text(minimum=1, maximum=16),
                    "templateType": guard.one_of(*KINDS),
                    "details": DETAILS,
                }
            ),
            minimum=1,
        )
    }
)


def templates(call: Call) -> list[state.Json]:
    """The templates, of one language or kind if asked."""
    return _matching(call)


def put_templates(call: Call) -> list[state.Json]:
    """Add templates; one of the same language and kind is replaced."""
    rows = []
    for asked in call.body(TEMPLATES)["templates"]:
        same = (asked["languageTag"], asked["templateType"])
        for row in list(state.tenant.email_templates.values()):
            if (row["languageTag"], row["templateType"]) == same:
                del state.tenant.email_templates[row["id"]]
        about = {"tenantId": state.TENANT_ID, "id": state.new_id(21)}
        row = about | asked | {"createdAt": state.now()}
        state.tenant.email_templates[row["id"]] = row
        rows.append(row)
    return rows


def delete_templates(call: Call) -> state.Json:
    """Remove all of a language or kind; one of the two must be said."""
    if "languageTag" not in call.query and "templateType" not in call.query:
        message = "Say which templates."
        raise errors.Refused(422, "request.invalid_input", message)
    rows = _matching(call)
    for row in rows:
        del state.tenant.email_templates[row["id"]]
    return {"rowCount": len(rows)}


def template(call: Call, template_id: str) -> state.Json:
    """One template."""
    return _find(template_id)


def delete_template(call: Call, template_id: str) -> None:
    """Remove one template."""
    if state.tenant.email_templates.pop(template_id, None) is None:
        raise errors.not_found()


def update_template(call: Call, template_id: str) -> state.Json:
    """Change what is sent of a template's details."""
    changes = call.body(CHANGES)
    row = _find(template_id)
    row["details"] = row["details"] | changes
    return row


def phrases(call: Call) -> list[state.Json]:
    """The phrases of every language."""
    return list(state.tenant.phrases.values())


def phrases_in(call: Call, language: str) -> state.Json:
    """The phrases of one language."""
    if language not in state.tenant.phrases:
        raise errors.not_found()
    return state.tenant.phrases[language]


def put_phrases(call: Call, language: str) -> Answer:
    """Make these the phrases of a language."""
    translation = call.body(guard.free_object())
    about = {"tenantId": state.TENANT_ID, "id": state.new_id(21), "languageTag": language}
    state.tenant.phrases[language] = about | {"translation": translation}
    return created(state.tenant.phrases[language])


def delete_phrases(call: Call, language: str) -> None:
    """Remove the phrases of a language, unless it is the one to fall back to."""
    if language == state.tenant.sign_in_experience["languageInfo"].get("fallbackLanguage"):
        code = "localization.cannot_delete_default_language"
        raise errors.Refused(409, code, "The tenant falls back to this language.")
    if state.tenant.phrases.pop(language, None) is None:
        raise errors.not_found()


def _matching(call: Call) -> list[state.Json]:
    wanted = {key: call.query.get(key) for key in ("languageTag", "templateType")}
    return [
        row
        for row in state.tenant.email_templates.values()
        if all(value in (None, row[key]) for key, value in wanted.items())
    ]


def _find(template_id: str) -> state.Json:
    try:
        return state.tenant.email_templates[template_id]
    except KeyError:
        raise errors.no_such("email template", template_id) from None
