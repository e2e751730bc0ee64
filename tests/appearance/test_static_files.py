"""The addresses of static files, as they are in the image."""

import json

from accountsite.appearance.static_files import Storage


def storage(folder, **paths):
    (folder / "staticfiles.json").write_text(
        json.dumps({"version": "1.1", "hash": "", "paths": paths})
    )
    return Storage(location=folder, base_url="/static/")


def test_an_address_is_that_of_the_manifest(tmp_path, settings):
    settings.DEBUG = False

    assert storage(tmp_path, **{"a.css": "a.123.css"}).url("a.css") == "/static/a.123.css"


def test_an_address_is_looked_up_once(tmp_path, settings):
    settings.DEBUG = False
    kept = storage(tmp_path, **{"a.css": "a.123.css"})
    kept.url("a.css")

    kept.hashed_files.clear()

    assert kept.url("a.css") == "/static/a.123.css"
