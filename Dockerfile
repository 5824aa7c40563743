# One image for the worker, the bots and the command line:
#
#   docker build -t tertulia .
#   docker run tertulia worker | slack | discord | any `tertulia` command
#
# BASE: any image with Python 3.11 or newer as `python3`, its `venv` module, and CA certificates.
ARG BASE=docker.io/library/python:3.11-slim-bookworm

FROM ${BASE} AS build
WORKDIR /src
COPY requirements/build.txt requirements/run.txt requirements/
# pip and the build backend stay behind, in an environment of their own. Wheels only: an image whose
# parts are compiled anew each time is not the same image.
RUN python3 -m venv /build \
    && /build/bin/pip install --no-cache-dir --require-hashes --only-binary :all: \
        -r requirements/build.txt \
    && python3 -m venv --without-pip /opt/tertulia \
    && /build/bin/pip --python /opt/tertulia/bin/python install --no-cache-dir --require-hashes \
        --only-binary :all: -r requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY engine engine
COPY bots bots
COPY deploy deploy
RUN /build/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheel . \
    && /build/bin/pip --python /opt/tertulia/bin/python install --no-cache-dir --no-deps \
        --no-index /wheel/*.whl

FROM ${BASE}
LABEL org.opencontainers.image.title="tertulia" \
    org.opencontainers.image.description="A panel of AI personas debates your team's question." \
    org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /opt/tertulia /opt/tertulia
# What is in the image, with hashes, for whoever writes its bill of materials.
COPY requirements/run.txt /opt/tertulia/requirements.txt
COPY deploy/image/entrypoint.sh /usr/local/bin/tertulia-entrypoint
# Nothing is written but to /tmp: the root may be read-only. Other containers ask for /metrics, so
# it is served to them too.
ENV PATH=/opt/tertulia/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    CREDENTIALS_DIRECTORY=/run/secrets \
    TERTULIA_WORKER__HOST=0.0.0.0 \
    TERTULIA_SLACK__HOST=0.0.0.0 \
    TERTULIA_DISCORD__HOST=0.0.0.0
# tertulia.toml is read from here, if one is mounted.
WORKDIR /etc/tertulia
USER 10001:10001
EXPOSE 3000 9464 9465 9466
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
    CMD ["python", "-I", "-m", "deploy.image.healthy"]
ENTRYPOINT ["tertulia-entrypoint"]
CMD ["--help"]
