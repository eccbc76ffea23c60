# docker build -t rollout-analyzer .
# Behind a private index: --secret id=pip.conf,src=/etc/pip.conf
# With the OpenTelemetry SDK, for --otlp: --build-arg LOCK=otlp
# The same layers each time: --build-arg SOURCE_DATE_EPOCH=0 --output type=image,rewrite-timestamp=true, or buildah's --timestamp 0
ARG BASE=python:3.11-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b

FROM ${BASE} AS build
ARG LOCK=run
ENV PYTHONDONTWRITEBYTECODE=1
WORKDIR /src
COPY requirements/build.txt requirements/run.txt requirements/otlp.txt requirements/prune.py requirements/
RUN --mount=type=secret,id=pip.conf,target=/etc/pip.conf \
    python3 -m venv /build && python3 -m venv --without-pip /opt/rollout-analyzer \
    && /build/bin/pip install --no-cache-dir --no-compile --no-deps --require-hashes -r requirements/build.txt \
    && /build/bin/pip --python /opt/rollout-analyzer/bin/python install --no-cache-dir --no-compile --no-deps --require-hashes -r requirements/${LOCK}.txt \
    && /opt/rollout-analyzer/bin/python requirements/prune.py
COPY . .
RUN /build/bin/pip wheel --no-cache-dir --no-index --no-deps --no-build-isolation -w /dist . \
    && /build/bin/pip --python /opt/rollout-analyzer/bin/python install --no-cache-dir --no-compile --no-index --no-deps /dist/*.whl \
    && /build/bin/pip --python /opt/rollout-analyzer/bin/python check \
    && /opt/rollout-analyzer/bin/python requirements/bytecode.py /opt/library \
    && find /opt/rollout-analyzer/bin ! -type d ! -name 'python*' ! -name rollout-analyzer -delete

FROM ${BASE}
# No run installs anything: the base's pip is nobody's but a scanner's.
RUN test -s /etc/ssl/certs/ca-certificates.crt \
    && rm -rf /usr/local/bin/pip* /usr/local/lib/python3*/ensurepip /usr/share/python-wheels \
      /usr/local/bin/wheel /usr/local/lib/python3*/site-packages/*
COPY --from=build /opt/library/ /
COPY --from=build /opt/rollout-analyzer /opt/rollout-analyzer
ENV PATH=/opt/rollout-analyzer/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 HOME=/tmp
# Every client trusts the system's authorities, not each those that its library carries.
ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
WORKDIR /tmp
USER 65532:65532
ENTRYPOINT ["rollout-analyzer"]
CMD ["analyze"]
# Last, so that they change no layer.
ARG BASE
ARG VERSION=0.2.0
ARG REVISION=
ARG SOURCE=
ARG FINDINGS_LINK=
ENV ROLLOUT_ANALYZER_FINDINGS_LINK=${FINDINGS_LINK}
LABEL org.opencontainers.image.title="rollout-analyzer" \
      org.opencontainers.image.description="Judges a canary for Argo Rollouts" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="${BASE}" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}"
