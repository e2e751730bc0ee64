"""What an operator asks the demo tenant: its log, its figures, its files and short-lived tokens."""

import datetime as dt

import pytest

from tests.demo.management import Api


def test_the_log_tells_of_the_last_weeks_of_alice(api: Api):
    alice = api.person("alice")

    rows = api.get("/logs", userId=alice["id"], page_size=100)
    failures = [row for row in rows if row["payload"]["result"] == "Error"]
    sign_ins = api.get("/logs", userId=alice["id"], logKey="Interaction.SignIn.Submit")

    times = [row["createdAt"] for row in rows]
    assert times == sorted(times, reverse=True)
    assert sign_ins
    assert {row["key"] for row in sign_ins} == {"Interaction.SignIn.Submit"}
    assert len(failures) < len(rows) / 2
    assert api.get(f"/logs/{rows[0]['id']}") == rows[0]


def test_the_log_is_narrowed_by_time(api: Api):
    rows = api.get("/logs", page_size=3)
    middle = rows[1]["createdAt"]

    before = api.get("/logs", end_time=middle - 1, page_size=1)
    around = api.get("/logs", start_time=middle, end_time=middle)

    assert before[0]["createdAt"] < middle
    assert rows[1] in around
    api.get("/logs", 400, start_time=2, end_time=1)


def test_figures_count_people_and_days(api: Api):
    api.new_user()

    total = api.get("/dashboard/users/total")["totalUserCount"]
    new = api.get("/dashboard/users/new")
    active = api.get("/dashboard/users/active")

    assert total == 1006
    assert new["today"]["count"] >= 1
    assert new["last7Days"]["count"] > 7
    assert len(active["dauCurve"]) == 30
    assert active["dauCurve"][-1]["date"] == dt.datetime.now(dt.UTC).date().isoformat()
    assert active["mau"]["count"] > active["wau"]["count"] > 0


def test_a_file_is_kept_under_an_address_nobody_guesses(api: Api):
    ready = api.get("/user-assets/service-status")
    file = {"file": ("me.png", b"\x89PNG", "image/png")}

    address = api.call("POST", "/user-assets", status=200, files=file)["url"]

    served = api.tenant.http.get(address)
    assert ready["status"] == "ready"
    assert served.content == b"\x89PNG"
    assert served.headers["Content-Type"] == "image/png"
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert api.call("POST", "/user-assets", status=200, files=file)["url"] != address


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (("me.html", b"<p>", "text/html"), "guard.mime_type_not_allowed"),
        (("me.png", b"x" * (20 * 1024 * 1024 + 1), "image/png"), "guard.file_size_exceeded"),
    ],
)
def test_files_of_other_kinds_or_too_large_are_refused(api: Api, file: tuple, code: str):
    assert api.call("POST", "/user-assets", status=400, files={"file": file})["code"] == code


def test_a_one_time_token_works_once_and_only_the_newest(api: Api):
    older = api.post("/one-time-tokens", {"email": "ada@example.com"}, 201)
    newer = api.post("/one-time-tokens", {"email": "ada@example.com", "expiresIn": 60}, 201)
    proof = {"token": newer["token"], "email": "ada@example.com"}

    other = api.post("/one-time-tokens/verify", proof | {"email": "bob@example.com"}, 400)
    used = api.post("/one-time-tokens/verify", proof)
    again = api.post("/one-time-tokens/verify", proof, 400)
    void = api.post("/one-time-tokens/verify", proof | {"token": older["token"]}, 400)

    assert other["code"] == "one_time_token.email_mismatch"
    assert used["status"] == "consumed"
    assert again["code"] == "one_time_token.token_consumed"
    assert void["code"] == "one_time_token.token_revoked"
    assert newer["expiresAt"] - newer["createdAt"] == 60_000


def test_a_subject_token_is_for_somebody_who_exists(api: Api):
    token = api.post("/subject-tokens", {"userId": api.person("alice")["id"]}, 201)

    assert token["subjectToken"].startswith("sub_")
    assert token["expiresIn"] == 600
    assert (
        api.post("/subject-tokens", {"userId": "nosuchthing0"}, 404)["code"] == "entity.not_found"
    )


def test_unlocking_is_taken_and_checked(api: Api):
    body = {"targetType": "User", "targets": ["alice@example.com"]}

    api.post("/sentinel-activities/delete", body, 204)
    api.post("/sentinel-activities/delete", body | {"targets": []}, 400)


def test_the_status_is_for_everybody(api: Api):
    assert api.tenant.http.get(f"{api.tenant.endpoint}/api/status").status_code == 204
