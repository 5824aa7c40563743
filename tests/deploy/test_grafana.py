"""Dashboard and alerts: they ask for what is counted, and each alarm has its page in the book."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from helm_python.chart import values_from_yaml
from prometheus_client import CollectorRegistry

from bots.chat.metrics import Metrics as BotMetrics
from engine.runtime.metrics import Metrics as WorkerMetrics
from tests.deploy.composed import DEPLOY

GRAFANA = DEPLOY / "grafana"
BOOK = DEPLOY.parent / "docs" / "operating.md"
OTHERS = re.compile(r"up|ALERTS|vllm:\w+")
"""Of Prometheus and of vLLM; the tests of the real vLLM look at its own."""

WANTED = {
    "turns a second": "tertulia_turns_total",
    "handoff gap": "tertulia_handoff_gap_seconds_bucket",
    "time to visible, Slack": "tertulia_slack_visible_seconds_bucket",
    "time to visible, Discord": "tertulia_discord_visible_seconds_bucket",
    "queue lag": "tertulia_work_oldest_seconds",
    "cache share": "tertulia_tokens_total",
    "repairs, defaults": "tertulia_turns_total",
    "budget stops": "tertulia_debates_closed_total",
    "429s of Slack": "tertulia_slack_calls_total",
    "429s of Discord": "tertulia_discord_calls_total",
    "dead letters": "tertulia_dead_letters",
}

_QUOTED = re.compile(r'"[^"]*"')
_NAME = re.compile(r"\b((?:tertulia_|vllm:)\w+|up|ALERTS)\b(?=\s*[\[{)]|\s*[=><!]|\s*$|\s+offset)")


def rules() -> list[dict[str, Any]]:
    (group,) = values_from_yaml((GRAFANA / "alerts.yaml").read_text())["groups"]
    found: list[dict[str, Any]] = group["rules"]
    return found


def questions() -> Iterator[str]:
    """Every PromQL expression of the dashboard."""
    for panel in json.loads((GRAFANA / "dashboard.json").read_text())["panels"]:
        for target in panel.get("targets", []):
            yield target["expr"]


def counted(registry: CollectorRegistry) -> set[str]:
    """The names that its samples have; a counter with labels has none until it counts."""
    names = set()
    for metric in registry.collect():
        if metric.type == "counter":
            names.add(f"{metric.name}_total")
        elif metric.type == "histogram":
            names |= {f"{metric.name}_{part}" for part in ("bucket", "sum", "count")}
        else:
            names.add(metric.name)
    return names


def all_counted() -> set[str]:
    registries = (m.registry for m in (WorkerMetrics(), BotMetrics("slack"), BotMetrics("discord")))
    return set().union(*map(counted, registries))


def named(question: str) -> set[str]:
    return set(_NAME.findall(_QUOTED.sub('""', question)))


def test_whatever_the_dashboard_asks_for_is_counted() -> None:
    asked = set().union(*map(named, questions()))
    assert len(asked) > 12
    assert {name for name in asked if not OTHERS.fullmatch(name)} <= all_counted()


def test_whatever_an_alert_asks_for_is_counted() -> None:
    for rule in rules():
        asked = named(rule["expr"])
        assert asked, rule["alert"]
        assert {name for name in asked if not OTHERS.fullmatch(name)} <= all_counted()


def test_the_dashboard_shows_what_one_has_to_know() -> None:
    asked = set().union(*map(named, questions()))
    assert {what for what, name in WANTED.items() if name not in asked} == set()


def test_no_panel_hides_another() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in json.loads((GRAFANA / "dashboard.json").read_text())["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert place["x"] + place["w"] <= 24
        taken |= cells


def test_the_book_says_of_each_alarm_what_to_do() -> None:
    headings = set(re.findall(r"(?m)^#+ (\w+)$", BOOK.read_text()))
    assert {rule["alert"] for rule in rules()} <= headings


def test_prometheus_takes_the_rules_and_its_configuration(tmp_path: Path) -> None:
    if shutil.which("promtool") is None:
        pytest.skip("needs promtool, of Debian's package prometheus")
    for words in (
        ("check", "rules", "--lint-fatal", str(GRAFANA / "alerts.yaml")),
        ("check", "config", "--syntax-only", str(DEPLOY / "prometheus" / "prometheus.yml")),
        ("test", "rules", str(Path(__file__).with_name("alerts_test.yaml"))),
    ):
        done = subprocess.run(
            ["promtool", *words], check=False, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stdout + done.stderr
