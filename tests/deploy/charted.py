"""The Helm chart as Helm renders it, object by object."""

from __future__ import annotations

import re
from typing import Any

from helm_python import Chart
from helm_python.chart import values_from_yaml

from tests.deploy.composed import DEPLOY

CHART = DEPLOY / "helm" / "tertulia"
RELEASE = "panel"
MANY: dict[str, Any] = {
    "config": '[log]\nlevel = "debug"\n',
    "image": {"pullSecrets": [{"name": "pull"}]},
    "worker": {"secret": "model-key", "keda": {"enabled": True}},
    "slack": {"enabled": True, "secret": "slack-tokens", "mode": "http", "replicas": 2},
    "discord": {"enabled": True, "secret": "discord-tokens"},
    "model": {"speaking": 48},
    "vllm": {"enabled": True, "replicas": 3, "hubSecret": "hub", "nodeSelector": {"gpu": "a"}},
    "networkPolicy": {"monitoringNamespace": "monitoring"},
    "serviceMonitor": {"enabled": True, "labels": {"release": "prometheus"}},
    "alerts": {"enabled": True},
    "dashboard": {"enabled": True},
}
FEW: dict[str, Any] = {
    "model": {"url": "https://models.example.org/v1"},
    "redis": {"enabled": False, "secret": "redis-url"},
    "networkPolicy": {"enabled": False},
    "podDisruptionBudget": {"enabled": False},
}


class Objects:
    """What a release is made of."""

    def __init__(self, values: dict[str, Any]) -> None:
        with Chart.load(CHART) as chart:
            rendered = chart.render(values=values, name=RELEASE, namespace="debates")
        self.notes = next(text for path, text in rendered.items() if path.endswith("NOTES.txt"))
        self.all = [
            values_from_yaml(document)
            for path, text in sorted(rendered.items())
            if path.endswith(".yaml")
            for document in re.split(r"(?m)^---$", text)
            if re.search(r"(?m)^kind:", document)
        ]

    def one(self, kind: str, component: str) -> dict[str, Any]:
        """The object of this kind and name, less the release's."""
        name = f"{RELEASE}-tertulia" + (f"-{component}" if component else "")
        (found,) = (o for o in self.all if (o["kind"], o["metadata"]["name"]) == (kind, name))
        return found

    def kinds(self) -> set[str]:
        """All there are."""
        return {each["kind"] for each in self.all}

    def container(self, kind: str, component: str) -> dict[str, Any]:
        """The only container of a workload."""
        (found,) = self.one(kind, component)["spec"]["template"]["spec"]["containers"]
        container: dict[str, Any] = found
        return container


def environment(container: dict[str, Any]) -> dict[str, str]:
    """The variables that have a plain value."""
    return {each["name"]: each["value"] for each in container["env"] if "value" in each}
