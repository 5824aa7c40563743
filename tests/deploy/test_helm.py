"""The Helm chart: what it renders is what Kubernetes takes, and what the engine needs."""

from __future__ import annotations

from typing import Any

import kubernetes_validate  # type: ignore[import-untyped] # it has no stubs
import pytest
from helm_python import Chart, HelmError
from helm_python.chart import lint, values_from_yaml

from deploy.vllm.flags import flags
from engine.adapters.redis_keys import ShardKeys
from engine.settings import Settings
from tests.adapters.openai_given import client_of, request, unheard
from tests.deploy.charted import CHART, FEW, MANY, Objects, environment
from tests.deploy.composed import DEPLOY
from tests.fakes.model_server import FakeModelServer

VERSIONS = ("1.27", "1.37")
FOREIGN = {"ScaledObject", "TriggerAuthentication", "ServiceMonitor", "PrometheusRule"}
"""Kinds of operators, which Kubernetes has no schema of."""


@pytest.fixture(scope="module")
def many() -> Objects:
    """A release with everything on."""
    return Objects(MANY)


@pytest.fixture(scope="module")
def few() -> Objects:
    """A release on others' Redis and model."""
    return Objects(FEW)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("values", [MANY, FEW, {"vllm": {"enabled": True}}])
def test_kubernetes_takes_what_is_rendered(values: dict[str, Any], version: str) -> None:
    checked = [each for each in Objects(values).all if each["kind"] not in FOREIGN]
    assert len(checked) >= 3
    for each in checked:
        kubernetes_validate.validate(each, version, strict=True)


def test_helm_finds_nothing_to_say() -> None:
    report = lint(CHART, MANY, strict=True)
    assert report["errors"] == []


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"worker": {"replica": 3}}, "replica"),
        ({"slack": {"mode": "webhook"}}, "mode"),
        ({"model": {"url": "gopher://x"}}, "url"),
        ({"vllm": {"gpuMemory": 92}}, "gpuMemory"),
        ({}, "no model"),
        ({"model": {"url": "http://m/v1"}, "redis": {"enabled": False}}, "no Redis"),
    ],
)
def test_values_that_will_not_do_are_refused_by_name(values: dict[str, Any], says: str) -> None:
    with Chart.load(CHART) as chart, pytest.raises(HelmError, match=says):
        chart.validate_schema(values)
        chart.render(values=values, name="x")


@pytest.mark.parametrize("component", ["worker", "slack", "discord"])
def test_processes_run_without_rights_and_with_the_time_to_end(
    many: Objects, component: str
) -> None:
    pod = many.one("Deployment", component)["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["terminationGracePeriodSeconds"] > Settings().worker.drain_s
    rights = many.container("Deployment", component)["securityContext"]
    assert rights["readOnlyRootFilesystem"]
    assert rights["capabilities"]["drop"] == ["ALL"]


def test_each_process_is_given_its_own_secret_only(many: Objects) -> None:
    for component, own in (("slack", "slack-tokens"), ("discord", "discord-tokens")):
        volumes = many.one("Deployment", component)["spec"]["template"]["spec"]["volumes"]
        (secrets,) = (v["projected"]["sources"] for v in volumes if v["name"] == "secrets")
        assert [source["secret"]["name"] for source in secrets] == [own]


def test_what_waits_is_not_ready_but_is_not_killed(many: Objects) -> None:
    container = many.container("Deployment", "worker")
    assert container["readinessProbe"]["httpGet"]["path"] == "/healthz"
    assert container["livenessProbe"]["httpGet"]["path"] == "/metrics"


def test_several_vllm_servers_stand_behind_a_router_that_keeps_a_debate_on_one(
    many: Objects,
) -> None:
    servers = many.one("StatefulSet", "vllm")
    assert servers["spec"]["replicas"] == 3
    options = dict(
        word.removeprefix("--").split("=", 1)
        for word in many.container("Deployment", "router")["args"]
        if "=" in word
    )
    assert options["routing-logic"] == "session"
    backends = options["static-backends"].split(",")
    assert backends[2] == "http://panel-tertulia-vllm-2.panel-tertulia-vllm:8000"
    assert len(backends) == len(options["static-models"].split(",")) == 3
    worker = environment(many.container("Deployment", "worker"))
    assert worker["TERTULIA_MODEL__URL"] == "http://panel-tertulia-router:8000/v1"
    assert worker["TERTULIA_MODEL__SLOTS"] == "48"


async def test_the_router_looks_at_the_header_that_workers_send(many: Objects) -> None:
    (option,) = (
        word.partition("=")[2]
        for word in many.container("Deployment", "router")["args"]
        if word.startswith("--session-key=")
    )
    async with FakeModelServer.open() as model, client_of(model) as client:
        await client.reply(request(debate="debate-1"), unheard)
        sent = {name.lower(): value for name, value in model.received[0].headers.items()}
    assert sent[option] == "debate-1"


def test_vllm_is_started_with_the_flags_that_prompts_are_made_for(many: Objects) -> None:
    wanted = flags("Qwen/Qwen3-8B", debates_at_once=48 // 3)
    assert many.container("StatefulSet", "vllm")["args"] == wanted


def test_a_model_of_ones_own_brings_no_gpu(few: Objects) -> None:
    assert "StatefulSet" not in few.kinds()
    told = environment(few.container("Deployment", "worker"))
    assert told["TERTULIA_MODEL__URL"] == "https://models.example.org/v1"


def test_keda_scales_by_debates_held_and_waiting(many: Objects) -> None:
    (trigger,) = many.one("ScaledObject", "worker")["spec"]["triggers"]
    assert "tertulia_work_waiting" in trigger["metadata"]["query"]
    assert "replicas" not in many.one("Deployment", "worker")["spec"]


def test_keda_can_ask_redis_for_the_stream_that_workers_take_from() -> None:
    keda = {"worker": {"keda": {"enabled": True, "trigger": "redis"}}}
    (trigger,) = Objects(MANY | keda).one("ScaledObject", "worker")["spec"]["triggers"]
    assert trigger["metadata"]["stream"] == ShardKeys(Settings().redis.shard).work


def test_the_operator_gets_the_same_alerts_as_prometheus_by_itself(many: Objects) -> None:
    alerts = values_from_yaml((DEPLOY / "grafana" / "alerts.yaml").read_text())
    assert many.one("PrometheusRule", "")["spec"] == alerts


def test_redis_is_reached_by_the_release_only(many: Objects) -> None:
    (rule,) = many.one("NetworkPolicy", "redis")["spec"]["ingress"]
    (peer,) = rule["from"]
    assert peer["podSelector"]["matchLabels"]["app.kubernetes.io/instance"] == "panel"


def test_the_notes_say_what_is_left_to_do(many: Objects, few: Objects) -> None:
    assert "No bot is on" in few.notes
    assert "add an Ingress" in many.notes
