"""The built image, and processes in it: not root, root read-only, as an engine would start them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).with_name("image.sh")
BUILD_S = 900

_INSIDE = """
set -eu
root=$1 secrets=$2 sockets=$3 user=$4 group=$5 folder=$6
shift 6
mount --bind "$root" "$root"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -t tmpfs tmpfs "$root/run"
mkdir "$root/run/secrets" "$root/run/sockets"
mount --bind "$secrets" "$root/run/secrets"
mount --bind "$sockets" "$root/run/sockets"
mount --rbind /dev "$root/dev"
mount -o remount,bind,ro "$root"
exec chroot "$root" setpriv --reuid="$user" --regid="$group" --clear-groups --bounding-set=-all \
    --no-new-privs env --ignore-environment --chdir="$folder" -- "$@"
"""


@dataclass(frozen=True, slots=True)
class Image:
    """An image, and its root folder."""

    root: Path
    config: Mapping[str, Any]
    built_in_s: float
    layers: tuple[int, ...]
    """Their sizes in bytes, the base's first."""

    def command(
        self,
        arguments: Sequence[str],
        mounted: tuple[Path, Path],
        settings: Mapping[str, str] | None = None,
        *,
        bare: bool = False,
    ) -> list[str]:
        """The command line that runs `arguments` in it.

        `mounted`: what is at /run/secrets and at /run/sockets. `bare`: not by the image's entry
        point.
        """
        user, _, group = self.config["User"].partition(":")
        told = [
            *self.config["Env"],
            *(f"{name}={value}" for name, value in (settings or {}).items()),
        ]
        entry = [] if bare else self.config["Entrypoint"]
        return [
            *("unshare", "--mount", "--propagation", "private"),
            *("sh", "-c", _INSIDE, "sh"),
            *(str(self.root), *map(str, mounted)),
            *(user, group, self.config["WorkingDir"]),
            *(*told, *entry, *arguments),
        ]


@contextmanager
def built(folder: Path) -> Iterator[Image]:
    """The image, built anew in this folder, which is taken away at the end.

    Raises:
        subprocess.CalledProcessError: it cannot be built; the end of its output is printed.
    """
    try:
        seconds = _build(folder)
        described = json.loads(_asked("inspect", folder))
        layers = tuple(layer["size"] for layer in json.loads(described["Manifest"])["layers"])
        root = Path(_asked("mount", folder).strip())
        yield Image(root, described["Docker"]["config"], seconds, layers)
    finally:
        _asked("clean", folder)


def _build(folder: Path) -> float:
    begun = os.times().elapsed
    built = subprocess.run(
        [SCRIPT, "build", folder],
        env=os.environ | {"PYTHON": sys.executable},
        check=False,
        capture_output=True,
        text=True,
        timeout=BUILD_S,
    )
    sys.stdout.write(built.stdout[-3_000:] + built.stderr[-3_000:])
    built.check_returncode()
    return os.times().elapsed - begun


def _asked(verb: str, folder: Path) -> str:
    asked = subprocess.run(
        [SCRIPT, verb, folder], check=True, capture_output=True, text=True, timeout=120
    )
    return asked.stdout
