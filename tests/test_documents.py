"""What the documents and the files beside them name is there."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
MANIFESTS = sorted(ROOT.glob("deploy/kubernetes/*.yaml"))
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#]*)(?:#([^)]+))?\)")
VARIABLE = re.compile(r"\b(ACCOUNTSITE_[A-Z_]+[A-Z]|LOGTO_[A-Z0-9_]+)\b")
OF_COMPOSE = {"ACCOUNTSITE_IMAGE", "LOGTO_VERSION"}


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def anchors(document: Path) -> set[str]:
    """What the headings of a document are to a link, as Git forges write them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    kept = (re.sub(r"[^\w\s-]", "", heading.lower()) for heading in headings)
    return {heading.strip().replace(" ", "-") for heading in kept}


@pytest.mark.parametrize("name", names(DOCUMENTS))
def test_every_link_leads_somewhere(name: str):
    document = ROOT / name
    for path, anchor in LINK.findall(document.read_text()):
        there = (document.parent / path).resolve() if path else document
        assert there.exists(), path
        assert not anchor or anchor in anchors(there), f"{path}#{anchor}"


@pytest.mark.parametrize("name", names([*DOCUMENTS, ROOT / "compose.yaml", *MANIFESTS]))
def test_every_variable_is_one_of_the_site(name: str):
    known = VARIABLE.findall((ROOT / "docs/settings.md").read_text())
    files = {f"{variable}_FILE" for variable in known}

    assert set(VARIABLE.findall((ROOT / name).read_text())) <= {*known, *files, *OF_COMPOSE}


@pytest.mark.parametrize("name", names(DOCUMENTS))
def test_every_command_is_one_of_the_site(name: str):
    shown = re.findall(r"manage\.py ([a-z_]+)", (ROOT / name).read_text())

    assert set(shown) <= set(get_commands())


def containers() -> list[Any]:
    """The pods' containers, each with its pod's settings."""
    found = []
    for path in MANIFESTS:
        for one in yaml.safe_load_all(path.read_text()):
            if pod := one.get("spec", {}).get("template", {}).get("spec"):
                found += [(pod, container) for container in pod["containers"]]
    return found


def test_pods_run_commands_that_there_are_with_nothing_that_they_do_without():
    assert len(containers()) == 3
    for pod, container in containers():
        assert set(container.get("args", [])) <= set(get_commands())
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert pod["securityContext"]["runAsUser"] == 10001
        assert not pod["automountServiceAccountToken"]


def test_every_manifest_is_applied():
    kustomization = yaml.safe_load((ROOT / "deploy/kubernetes/kustomization.yaml").read_text())

    there = {path.name for path in MANIFESTS} - {"kustomization.yaml"}
    assert set(kustomization["resources"]) == there


def test_compose_runs_the_image_read_only_and_waits_for_what_it_needs():
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
    ours = {name: one for name, one in compose["services"].items() if one.get("build") == "."}

    assert set(ours) == {"site", "worker", "migrate", "logto-site"}
    for one in ours.values():
        assert one["read_only"]
        assert one["cap_drop"] == ["ALL"]
        assert one.get("command", "serve") in get_commands()
        assert set(one["depends_on"]) <= set(compose["services"])
    assert "profiles" not in ours["site"]
    assert compose["services"]["logto"]["profiles"] == ["logto"]
