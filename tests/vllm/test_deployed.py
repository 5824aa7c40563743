"""What deployments ask of vLLM, by flags and by metrics, is there in the vLLM that is tested."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import aiohttp
import pytest

from deploy.vllm.flags import flags
from tests.deploy.test_grafana import named, questions
from tests.vllm.conftest import PYTHON

# The first test also waits until the server is up.
pytestmark = pytest.mark.timeout(600)

_PARSE = """
import json, sys
from vllm.entrypoints.launchers.cli_args import make_arg_parser
from vllm.utils.argparse_utils import FlexibleArgumentParser

given = make_arg_parser(FlexibleArgumentParser()).parse_args(sys.argv[1:])
outputs = given.structured_outputs_config
print(json.dumps({
    "model": given.model_tag,
    "context": given.max_model_len,
    "debates": given.max_num_seqs,
    "cache": given.enable_prefix_caching,
    "details": given.enable_prompt_tokens_details,
    "grammar": outputs.backend,
    "no spaces": outputs.disable_any_whitespace,
}))
"""


def test_vllm_takes_the_flags_and_means_by_them_what_we_do(tmp_path: Path) -> None:
    ran = subprocess.run(
        [PYTHON, "-c", _PARSE, *flags("some/model", context_tokens=4096, debates_at_once=9)],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout.splitlines()[-1]) == {
        "model": "some/model",
        "context": 4096,
        "debates": 9,
        "cache": True,
        "details": True,
        "grammar": "xgrammar",
        "no spaces": True,
    }


async def test_vllm_counts_what_the_dashboard_asks_it_for(vllm: aiohttp.ClientSession) -> None:
    asked = {name for question in questions() for name in named(question) if "vllm:" in name}
    assert asked
    async with vllm.get("/metrics") as answer:
        text = await answer.text()
    assert {name for name in asked if f"\n{name}{{" not in text} == set()
