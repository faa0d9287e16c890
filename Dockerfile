# Dateline as a service: `docker build --tag dateline .`; what to set is told in docs/deploy.md.

FROM python:3.13-slim-bookworm AS build
# Extras of the package: `--build-arg EXTRAS=postgres,openai`.
ARG EXTRAS=postgres
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
RUN python -m venv /opt/dateline
# What is locked comes first: this layer is kept while only our own files change.
COPY requirements.lock ./
RUN /opt/dateline/bin/pip install --no-deps --require-hashes --requirement requirements.lock
COPY pyproject.toml README.md LICENSE constraints.txt ./
COPY prompts prompts
COPY seeds seeds
COPY eval eval
COPY rag rag
RUN /opt/dateline/bin/pip install --no-deps . \
    && /opt/dateline/bin/pip install ".[${EXTRAS}]" --constraint constraints.txt

FROM python:3.13-slim-bookworm
RUN groupadd --system --gid 10001 dateline \
    && useradd --system --uid 10001 --gid dateline --home-dir /data --shell /usr/sbin/nologin \
        dateline \
    && install --directory --owner dateline --group dateline /data
COPY --from=build /opt/dateline /opt/dateline
ENV PATH=/opt/dateline/bin:$PATH \
    HOME=/data \
    RAG_INDEX=/data/index \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
WORKDIR /data
# Nothing outside /data and /tmp is written: run it with a read-only root and a tmpfs on /tmp.
VOLUME /data
EXPOSE 7860
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:7860/readyz', timeout=4)"]
ENTRYPOINT ["rag"]
# It listens to other machines, so it demands RAG_PASSWORD or a key (`rag keys add`).
CMD ["serve", "--host", "0.0.0.0", "--port", "7860"]
