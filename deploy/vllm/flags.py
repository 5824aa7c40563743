"""The flags of `vllm serve` that the engine's prompts are made for, for whoever starts it.

compose.yaml and the Helm chart repeat them; a test holds the three together.
"""

from __future__ import annotations

import json

TUNED = (
    # Every prompt repeats all that was said; what was computed once is served from then on.
    "--enable-prefix-caching",
    # Tells with each reply how many tokens were: budgets count the others.
    "--enable-prompt-tokens-details",
    # Replies are canonical JSON, token for token; a space would end the cached prefix there.
    "--structured-outputs-config",
    json.dumps({"backend": "xgrammar", "disable_any_whitespace": True}, separators=(",", ":")),
    "--disable-uvicorn-access-log",
)


def flags(
    model: str,
    *,
    context_tokens: int = 32_768,
    debates_at_once: int = 64,
    gpus: int = 1,
    gpu_memory: float = 0.92,
) -> list[str]:
    """What follows `vllm serve`.

    `model`: a folder, or a name on a hub. `debates_at_once`: those that speak at the same time;
    `model.slots` says the same number to the engine, which queues the others fairly.
    `gpus`: of this one server; its weights are spread over them. `gpu_memory`: a share, 0 to 1.
    """
    return [
        model,
        *("--max-model-len", str(context_tokens)),
        *("--max-num-seqs", str(debates_at_once)),
        *("--tensor-parallel-size", str(gpus)),
        *("--gpu-memory-utilization", str(gpu_memory)),
        *TUNED,
    ]
