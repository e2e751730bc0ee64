"""docs/observability.md: what it shows can be used as it stands, and names what there is."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from accountsite.operations import figures, logs, metrics
from tests.operations.test_metrics import closed_sets

TEXT = (settings.BASE_DIR / "docs" / "observability.md").read_text()
BLOCKS = [
    block
    for text in re.findall(r"^```yaml\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
    for block in [yaml.safe_load(text)]
]
RULES = next(block for block in BLOCKS if "groups" in block)["groups"][0]["rules"]
SELECTOR = re.compile(r"(accountsite_\w+)(?:\{(.*?)\})?")


def samples() -> dict[str, set[str]]:
    """Every name that Prometheus is told, with its labels."""
    found: dict[str, set[str]] = {name: set() for name in figures.NAMES}
    for metric in vars(metrics).values():
        if isinstance(metric, metrics.Counter | metrics.Gauge | metrics.Histogram):
            (family,) = metric.describe()
            ends = {"counter": ["_total"], "histogram": ["_bucket", "_count", "_sum"]}
            for end in ends.get(family.type, [""]):
                found[f"{family.name}{end}"] = set(metric._labelnames)
    return found


@pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])
def test_a_rule_asks_for_what_is_told(rule: dict[str, Any]) -> None:
    told, allowed = samples(), closed_sets()

    asked = SELECTOR.findall(rule["expr"])

    assert asked
    for name, selector in asked:
        assert name in told
        for label, how, value in re.findall(r'(\w+)(=~|=)"([^"]*)"', selector):
            assert label in told[name]
            metric = re.sub(r"^accountsite_|_(total|bucket|count|sum)$", "", name)
            words = value.split("|") if how == "=~" else [value]
            assert {word for word in words if not word.isdigit()} <= allowed[metric, label]


@pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])
def test_a_rule_says_what_it_means_and_when(rule: dict[str, Any]) -> None:
    assert set(rule) - {"for"} == {"alert", "expr", "annotations"}
    assert rule["annotations"]["summary"].endswith((".", "?"))
    assert re.search(r"[<>=]=? *[\d.]+$", rule["expr"].strip())
    # What is counted only ever grows, until the container begins anew.
    counted = re.findall(r"(\w+)\((accountsite_\w+_(?:total|bucket|count))", rule["expr"])
    assert {function for function, _name in counted} <= {"rate", "increase"}
    assert len(counted) == len(re.findall(r"accountsite_\w+_(?:total|bucket|count)", rule["expr"]))


def test_prometheus_is_shown_the_port_that_the_text_names() -> None:
    (scrape,) = [block for block in BLOCKS if "scrape_configs" in block]

    (job,) = scrape["scrape_configs"]
    port = re.findall(r"`ACCOUNTSITE_METRICS_PORT=(\d+)`", TEXT)

    assert len(port) == 1
    assert {target.rpartition(":")[2] for target in job["static_configs"][0]["targets"]} == {*port}


def test_every_field_of_a_line_is_told() -> None:
    (shown,) = [
        json.loads(text) for text in re.findall(r"```json\n(\{\"time.*?)```", TEXT, re.DOTALL)
    ]
    fields = re.findall(r"^\| (`[a-z_`, ]+`) \|", TEXT.partition("## Logs")[2], re.MULTILINE)
    told = {name for row in fields for name in re.findall(r"`(\w+)`", row)}

    written = {
        "time",
        "level",
        "logger",
        "message",
        "request_id",
        "account",
        "route",
        "task",
        "error",
    }
    assert told == {*written, *logs.FIELDS}
    assert set(shown) <= told


def test_the_document_is_found_from_the_settings() -> None:
    assert "observability.md" in Path(settings.BASE_DIR / "docs" / "settings.md").read_text()
