"""The compose files: sound, with no right and no secret too many, and as the engine wants."""

from __future__ import annotations

import jsonschema  # type: ignore[import-untyped] # it has no stubs
import pytest
from helm_python.chart import values_from_yaml

from deploy.image.healthy import PORTS
from deploy.vllm.flags import flags
from engine.settings import Settings
from tests.deploy.composed import DEPLOY, GIVEN, asked, composed, specification

ONE_NODE = ("compose.yaml",)
GPU_NODE = ("compose.gpu-node.yaml",)
BOT_NODE = ("compose.yaml", "compose.bot-node.yaml")
OURS = ("worker", "slack", "discord", "cli")


@pytest.mark.parametrize("files", [ONE_NODE, GPU_NODE, BOT_NODE])
def test_docker_compose_takes_the_files(files: tuple[str, ...]) -> None:
    assert composed(*files)["services"]


@pytest.mark.parametrize("file", ["compose.yaml", "compose.bot-node.yaml"])
def test_the_files_keep_to_the_compose_specification(file: str) -> None:
    jsonschema.validate(values_from_yaml((DEPLOY / file).read_text()), specification())


def test_the_specification_would_notice_a_mistake() -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"services": {"worker": {"imagine": "x"}}}, specification())


@pytest.mark.parametrize("missing", ["REDIS_PASSWORD", "REDIS_ADMIN_PASSWORD"])
def test_without_its_passwords_nothing_starts_and_one_is_told_which(missing: str) -> None:
    run = asked(ONE_NODE, {name: value for name, value in GIVEN.items() if name != missing})
    assert run.returncode != 0
    assert missing in run.stderr


@pytest.mark.parametrize("name", OURS)
def test_our_processes_may_write_nothing_and_have_no_privilege(name: str) -> None:
    service = composed(*ONE_NODE)["services"][name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service["user"].startswith(("0", "root"))


def test_each_process_is_given_its_own_secrets_only() -> None:
    services = composed(*ONE_NODE)["services"]
    for name in OURS:
        told = str(services[name]["environment"])
        assert ("xoxb-slack" in told) == (name == "slack")
        assert ("TERTULIA_DISCORD__TOKEN" in told) == (name == "discord")
        assert "admin-word" not in told
    for name in ("slack", "discord", "worker"):
        mounted = {volume["target"]: volume["source"] for volume in services[name]["volumes"]}
        assert mounted["/run/secrets"] == str(DEPLOY / "secrets" / name)


def test_every_setting_that_is_named_is_one() -> None:
    known = {
        f"TERTULIA_{part}__{name}".upper()
        for part, field in Settings.model_fields.items()
        for name in getattr(field.annotation, "model_fields", {})
    }
    services = composed(*BOT_NODE)["services"].values()
    named = {name for service in services for name in service.get("environment", {})}
    ours = {name for name in named if name.startswith("TERTULIA_")}
    assert len(ours) > 8
    assert ours <= known


def test_processes_are_given_the_time_to_end_in_good_order() -> None:
    settings = Settings()
    drains = (settings.worker.drain_s, settings.slack.drain_s, settings.discord.drain_s)
    assert composed(*ONE_NODE)["services"]["worker"]["stop_grace_period"] == "1m15s"
    assert max(drains) < 75


def test_vllm_is_started_with_the_flags_that_prompts_are_made_for() -> None:
    told = {"MODEL": "m", "CONTEXT_TOKENS": "4096", "DEBATES_SPEAKING": "9", "GPUS": "2"}
    wanted = flags("m", context_tokens=4096, debates_at_once=9, gpus=2)
    for files in (ONE_NODE, GPU_NODE):
        assert composed(*files, **told)["services"]["vllm"]["command"] == wanted


def test_as_many_turns_are_spoken_at_once_as_vllm_takes() -> None:
    services = composed(*ONE_NODE, DEBATES_SPEAKING="9")["services"]
    assert services["worker"]["environment"]["TERTULIA_MODEL__SLOTS"] == "9"


def test_from_other_machines_nothing_is_reached_but_the_door_with_the_key() -> None:
    for name, service in composed(*ONE_NODE)["services"].items():
        for port in service.get("ports", []):
            assert port.get("host_ip") == "127.0.0.1", name
    gpu = composed(*GPU_NODE)["services"]
    assert {name for name in gpu if gpu[name].get("ports")} == {"door"}


def test_on_the_bot_node_workers_call_the_door_by_tls_with_the_key() -> None:
    told = composed(*BOT_NODE)["services"]["worker"]["environment"]
    assert told["TERTULIA_MODEL__URL"] == "https://gpu.example.org:8443/v1"
    assert told["TERTULIA_MODEL__API_KEY"] == "key"
    assert told["SSL_CERT_FILE"] == "/etc/tls/ca.pem"


def test_prometheus_asks_the_ports_that_processes_have() -> None:
    config = values_from_yaml((DEPLOY / "prometheus" / "prometheus.yml").read_text())
    asked_at = {
        job["job_name"]: job["dns_sd_configs"][0]["port"] for job in config["scrape_configs"]
    }
    settings = Settings()
    ports = (settings.worker.port, settings.slack.health_port, settings.discord.health_port)
    assert (asked_at["worker"], asked_at["slack"], asked_at["discord"]) == ports == PORTS
