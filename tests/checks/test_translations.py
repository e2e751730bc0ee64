"""The check of translations: what it finds, in sources and catalogues of its own."""

import shutil
from pathlib import Path

import polib
import pytest

from tests.checks import translations


@pytest.fixture
def catalogue() -> polib.POFile:
    """One that fits the sources."""
    return polib.pofile(
        """
msgid "Save"
msgstr "저장"

msgid "Signed in as %(name)s"
msgstr "%(name)s(으)로 로그인됨"

msgid "%(count)d device"
msgid_plural "%(count)d devices"
msgstr[0] "기기 %(count)d대"
"""
    )


@pytest.fixture
def sources(catalogue: polib.POFile) -> polib.POFile:
    """What was collected from the sources."""
    return polib.pofile(str(catalogue))


def found(catalogue: polib.POFile, sources: polib.POFile) -> list[str]:
    return list(translations.compare(catalogue, sources))


def test_a_complete_catalogue_is_fine(catalogue: polib.POFile, sources: polib.POFile) -> None:
    assert found(catalogue, sources) == []


def test_a_new_sentence_is_missing(catalogue: polib.POFile, sources: polib.POFile) -> None:
    sources.append(polib.POEntry(msgid="Cancel"))

    assert found(catalogue, sources) == ["missing: 'Cancel'"]


def test_a_former_sentence_is_no_longer_used(
    catalogue: polib.POFile, sources: polib.POFile
) -> None:
    sources.remove(sources.find("Save"))

    assert found(catalogue, sources) == ["no longer used: 'Save'"]


def test_an_obsolete_sentence_is_named(catalogue: polib.POFile, sources: polib.POFile) -> None:
    catalogue.append(polib.POEntry(msgid="Old", msgstr="옛", obsolete=True))

    assert found(catalogue, sources) == ["obsolete: 'Old'"]


def test_an_empty_translation_is_named(catalogue: polib.POFile, sources: polib.POFile) -> None:
    catalogue.find("Save").msgstr = ""

    assert found(catalogue, sources) == ["not translated: 'Save'"]


def test_a_guess_of_gettext_is_named(catalogue: polib.POFile, sources: polib.POFile) -> None:
    catalogue.find("Save").flags.append("fuzzy")

    assert found(catalogue, sources) == ["fuzzy: 'Save'"]


@pytest.mark.parametrize(
    ("original", "translation"),
    [
        ("Signed in as %(name)s", "%(nam)s(으)로 로그인됨"),
        ("Signed in as %(name)s", "로그인됨"),
        ("At most {size} MB", "최대 MB"),
        ("%s of %s", "%s"),
        ("Read <a>more</a>", "더 읽기"),
    ],
)
def test_placeholders_are_the_same_on_both_sides(original: str, translation: str) -> None:
    entry = polib.POEntry(msgid=original, msgstr=translation)

    assert translations.differences(entry)


def test_a_singular_may_go_without_its_number() -> None:
    entry = polib.POEntry(
        msgid="One device",
        msgid_plural="%(count)d devices",
        msgstr_plural={0: "기기 %(count)d대"},
    )

    assert not translations.differences(entry)


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="GNU gettext is not installed")
def test_sentences_are_collected_from_python_and_templates(tmp_path: Path) -> None:
    (tmp_path / "accountsite").mkdir()
    (tmp_path / "accountsite" / "views.py").write_text('message = _("From a view")\n')
    (tmp_path / "templates").mkdir()
    template = '{% load i18n %}{% translate "From a template" %}{% include "a" with b=_("Too") %}'
    (tmp_path / "templates" / "page.html").write_text(template)
    catalogue = tmp_path / "locale" / "ko" / "LC_MESSAGES" / "django.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n')

    collected = translations.collect(catalogue, tmp_path)

    assert {entry.msgid for entry in collected} == {"From a view", "From a template", "Too"}
    assert "POT-Creation-Date" not in collected.metadata
