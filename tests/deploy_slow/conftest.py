"""The image is built once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.deploy_slow.container import Image, built
from tests.deploy_slow.needs import needs


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    """As `docker build` would make it, on Debian's Python."""
    needs("buildah", "debootstrap", "unshare", "setpriv")
    with built(tmp_path_factory.mktemp("image")) as made:
        yield made
