#!/usr/bin/env bash
# Builds the image with buildah, without a container engine, on a Debian made here by debootstrap.
#
#   image.sh build FOLDER    makes FOLDER/storage with the images `base` and `tertulia`
#   image.sh mount FOLDER    prints the folder that the image `tertulia` is mounted at
#   image.sh inspect FOLDER  prints what the image is, in JSON
#   image.sh clean FOLDER    unmounts all and takes it away
#
# apt and pip are used as this machine has them set up: pip's settings are mounted for the build, and
# nothing of them stays in the image. Needs root, buildah and debootstrap.
set -euo pipefail
here=$(cd "$(dirname "$0")/../.." && pwd)
verb=$1 folder=$2
python=${PYTHON:-python3}
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")

buildah() {
    command buildah --root "$folder/storage" --runroot "$folder/run" --storage-driver vfs "$@"
}

# A Debian with Python, from the mirror that apt uses here. Made once a machine.
base() {
    local mirror
    mirror=$(apt-get indextargets --format '$(SITE)' "Codename: $suite" "Created-By: Packages" |
        sort -u | head -n 1)
    debootstrap --variant=minbase --include=python3-venv,ca-certificates "$suite" "$1" "$mirror"
    chroot "$1" apt-get clean
    rm -rf "${1:?}"/var/lib/apt/lists/*
}

# pip's settings as one file, and whatever on this machine they point to.
pip_mounts() {
    "$python" - "$folder/pip.conf" <<'PYTHON'
import subprocess, sys
from pathlib import Path

found = subprocess.run(
    [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True
)
settings = {}
for line in found.stdout.splitlines():  # :env: comes first, and goes before the files
    name, _, value = line.partition("=")
    settings.setdefault(name.rpartition(".")[2], value.strip("'\""))
Path(sys.argv[1]).write_text(
    "[global]\n" + "".join(f"{name} = {value}\n" for name, value in settings.items())
)
print("--volume", f"{sys.argv[1]}:/etc/pip.conf:ro", sep="\n")
for word in " ".join(settings.values()).split():
    path = Path(word.removeprefix("file://"))
    path = path.parent if path.name == "simple" else path  # an index points to files beside it
    if path.is_absolute() and path.exists():
        print("--volume", f"{path}:{path}:ro", sep="\n")
PYTHON
}

build() {
    mkdir -p "$folder"
    local cache=${XDG_CACHE_HOME:-$HOME/.cache}/tertulia/image-base-$suite container
    if [ ! -e "$cache" ]; then
        base "$folder/base"
        mkdir -p "$(dirname "$cache")"
        mv "$folder/base" "$cache"
    fi
    container=$(buildah from scratch)
    buildah copy --quiet "$container" "$cache" / >/dev/null
    buildah commit --quiet --rm "$container" localhost/base >/dev/null
    mapfile -t mounts < <(pip_mounts)
    buildah build --isolation chroot --format docker --pull-never "${mounts[@]}" \
        --build-arg BASE=localhost/base --tag localhost/tertulia "$here"
}

mounted() {
    local container
    container=$(buildah from --pull-never localhost/tertulia)
    buildah mount "$container"
}

inspect() {
    buildah inspect --type image localhost/tertulia
}

clean() {
    buildah umount --all >/dev/null 2>&1 || true
    rm -rf "${folder:?}"
}

case "$verb" in
build) build ;;
mount) mounted ;;
inspect) inspect ;;
clean) clean ;;
*) sed -n '2,12p' "$0"; exit 2 ;;
esac
