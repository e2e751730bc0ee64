"""What the documents and the files beside them name is there."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands
from django.urls import resolve

from accountsite.webhooks import effects

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


def test_the_webhook_is_told_with_the_events_that_the_site_listens_to():
    [by_hand] = re.findall(r"## 4\. The webhook\n(.*?)\n## ", document("tenant"), re.DOTALL)

    assert set(re.findall(r"`([A-Z][A-Za-z.]+)`", by_hand)) == set(effects.BY_EVENT)


@pytest.mark.parametrize("name", ["tenant", "links"])
def test_addresses_of_the_site_are_told_as_they_are(name: str):
    told = re.findall(r"https://account\.example\.com(/[a-z/-]*)", document(name))

    assert told
    for path in told:
        resolve(path)


def document(name: str) -> str:
    return (ROOT / "docs" / f"{name}.md").read_text()


# Kubernetes


def manifests() -> list[Any]:
    every = [one for path in MANIFESTS for one in yaml.safe_load_all(path.read_text())]
    return [one for one in every if one["kind"] != "Kustomization"]


def pods() -> list[Any]:
    """Each pod: its labels, and what it is made of."""
    templates = [
        one["spec"]["template"] for one in manifests() if "template" in one.get("spec", {})
    ]
    return [(one.get("metadata", {}).get("labels"), one["spec"]) for one in templates]


def test_pods_run_commands_that_there_are_with_nothing_that_they_do_without():
    assert len(pods()) == 3
    for _labels, pod in pods():
        [container] = pod["containers"]
        assert container["image"] == "accountsite"
        assert set(container.get("args", [])) <= set(get_commands())
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert pod["securityContext"]["runAsUser"] == 10001
        assert pod["securityContext"]["runAsNonRoot"]
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert not pod["automountServiceAccountToken"]


def test_pods_have_what_they_mount_and_all_take_their_settings_from_one_secret():
    for _labels, pod in pods():
        [container] = pod["containers"]
        mounted = {mount["name"] for mount in container.get("volumeMounts", [])}
        assert mounted == {volume["name"] for volume in pod.get("volumes", [])}
        assert container["envFrom"] == [{"secretRef": {"name": "accountsite"}}]


def test_whatever_selects_pods_finds_some():
    labels = [labels for labels, _pod in pods()]
    selectors = [
        one["spec"].get("podSelector", one["spec"].get("selector"))
        for one in manifests()
        if one["kind"] in {"Service", "NetworkPolicy", "PodDisruptionBudget", "Deployment"}
    ]

    assert len(selectors) == 5
    for selector in selectors:
        assert selector.get("matchLabels", selector) in labels


def test_what_asks_the_site_asks_at_a_port_and_an_address_that_it_has():
    [container] = [
        pod["containers"][0] for _labels, pod in pods() if "ports" in pod["containers"][0]
    ]
    named = {port["name"] for port in container["ports"]}
    probes = [container[f"{kind}Probe"]["httpGet"] for kind in ("startup", "liveness", "readiness")]

    assert {probe["port"] for probe in probes} == named
    assert [probe["path"] for probe in probes] == ["/healthz", "/healthz", "/readyz"]
    [service] = [one["spec"] for one in manifests() if one["kind"] == "Service"]
    assert {port["targetPort"] for port in service["ports"]} == named


def test_every_manifest_is_applied():
    kustomization = yaml.safe_load((ROOT / "deploy/kubernetes/kustomization.yaml").read_text())

    there = {path.name for path in MANIFESTS} - {"kustomization.yaml"}
    assert set(kustomization["resources"]) == there
    assert kustomization["images"][0]["name"] == "accountsite"
    assert kustomization["namespace"] == "accountsite"


# Compose

SHARED = {"image", "build", "restart", "read_only", "cap_drop", "security_opt", "env_file"}


@pytest.fixture(scope="module")
def compose() -> Any:
    return yaml.safe_load((ROOT / "compose.yaml").read_text())


@pytest.fixture(scope="module")
def services(compose: Any) -> Any:
    return compose["services"]


def test_compose_runs_the_image_read_only_and_with_the_operators_settings(services):
    ours = {name: one for name, one in services.items() if one.get("build") == "."}

    assert set(ours) == {"site", "worker", "migrate", "logto-site"}
    for one in ours.values():
        assert set(one) >= SHARED
        assert one["read_only"]
        assert one["cap_drop"] == ["ALL"]
        assert one["env_file"] == "accountsite.env"
        assert one.get("command", "serve") in get_commands()
        assert one["volumes"] == ["data:/data"]


def test_compose_waits_for_what_it_needs_until_that_is_well(services):
    for name, one in services.items():
        for needed, how in one.get("depends_on", {}).items():
            there = services[needed]
            assert set(there.get("profiles", [])) <= set(one.get("profiles", [])), name
            if how["condition"] == "service_healthy":
                assert there["healthcheck"]["test"]
            if how["condition"] == "service_completed_successfully":
                assert there["restart"] == "no"


def test_compose_names_each_volume_that_it_uses(compose):
    used = {
        volume.partition(":")[0]
        for one in compose["services"].values()
        for volume in one.get("volumes", [])
    }

    assert used == set(compose["volumes"])


def test_compose_publishes_nothing_to_other_machines_and_no_port_twice(services):
    ports = {
        name: [port.rpartition(":")[0] for port in one.get("ports", [])]
        for name, one in services.items()
    }

    assert all(port.startswith("127.0.0.1:") for each in ports.values() for port in each)
    assert ports["site"] == ["127.0.0.1:${PORT:-8000}"]
    assert ports["logto"] == ["127.0.0.1:3001", "127.0.0.1:3002", "127.0.0.1:8000"]


def test_the_profile_has_a_whole_logto_and_a_site_of_its_own(services):
    profile = {name: one for name, one in services.items() if "profiles" in one}
    site, logto = profile["logto-site"], profile["logto"]

    assert set(profile) == {"logto", "logto-database", "logto-site"}
    assert {name for one in profile.values() for name in one["profiles"]} == {"logto"}
    assert "db seed" in logto["entrypoint"][-1]
    # http is for localhost alone: site, Logto and browser have to mean the same machine by it.
    assert site["network_mode"] == "service:logto"
    assert site["environment"]["LOGTO_ENDPOINT"] == logto["environment"]["ENDPOINT"]
    assert site["environment"]["SITE_URL"] == "http://localhost:8000"
    assert site["environment"]["DATABASE_URL"] == services["site"]["environment"]["DATABASE_URL"]
