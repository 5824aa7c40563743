"""Makes a model folder that vLLM can serve: `weights.py FILE.gguf FOLDER`.

It runs under the Python of `.venv-vllm`, so it imports nothing of this project.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory


def convert(gguf: Path, folder: Path) -> None:
    """Writes the model, in bfloat16, and its tokenizer into `folder`: all of it or nothing."""
    # Neither library is in the environment that checks types.
    import torch  # type: ignore[import-not-found]
    from transformers import (  # type: ignore[import-not-found]
        AutoModelForCausalLM,
        AutoTokenizer,
        GgufConfig,
    )

    model = AutoModelForCausalLM.from_pretrained(
        gguf.parent,
        gguf_file=gguf.name,
        dtype=torch.bfloat16,
        quantization_config=GgufConfig(dequantize=True),
    )
    tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent, prefix=f"{folder.name}.") as scratch:
        made = Path(scratch) / "made"
        model.save_pretrained(made)
        tokenizer.save_pretrained(made)
        made.rename(folder)


if __name__ == "__main__":
    convert(Path(sys.argv[1]), Path(sys.argv[2]))
