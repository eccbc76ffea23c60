# docker build -t rollout-analyzer .
# Behind a private index: --secret id=pip.conf,src=/etc/pip.conf
# With the OpenTelemetry SDK, for --otlp: --build-arg LOCK=otlp
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS build
ARG LOCK=run
WORKDIR /src
COPY requirements/build.txt requirements/run.txt requirements/otlp.txt requirements/prune.py requirements/
RUN --mount=type=secret,id=pip.conf,target=/etc/pip.conf \
    python3 -m venv /build && python3 -m venv --without-pip /opt/rollout-analyzer \
    && /build/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements/build.txt \
    && /build/bin/pip --python /opt/rollout-analyzer/bin/python install --no-cache-dir --no-deps --require-hashes -r requirements/${LOCK}.txt \
    && /opt/rollout-analyzer/bin/python requirements/prune.py
COPY . .
RUN /build/bin/pip wheel --no-cache-dir --no-index --no-deps --no-build-isolation -w /dist . \
    && /build/bin/pip --python /opt/rollout-analyzer/bin/python install --no-cache-dir --no-index --no-deps /dist/*.whl \
    && /build/bin/pip --python /opt/rollout-analyzer/bin/python check

FROM ${BASE}
# The Gemini SDK and the cluster client trust the system's CA store.
RUN test -s /etc/ssl/certs/ca-certificates.crt
COPY --from=build /opt/rollout-analyzer /opt/rollout-analyzer
ENV PATH=/opt/rollout-analyzer/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 HOME=/tmp
WORKDIR /tmp
USER 65532:65532
ENTRYPOINT ["rollout-analyzer"]
