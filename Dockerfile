# syntax=docker/dockerfile:1
# The simulator's server in a container: docker build -t knock-local . && docker run --rm -p 127.0.0.1:8400:8400 knock-local

FROM python:3.13-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY src ./src
RUN python -m pip wheel --no-cache-dir --wheel-dir /wheels '.[simulator,tokens]'

FROM python:3.13-slim
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    python -m pip install --no-cache-dir --no-index /wheels/*.whl \
    && useradd --system --uid 10001 --create-home --home-dir /data knock
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8400
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8400/_simulator/', timeout=2)"]
# In a container, all addresses are those of its own network: `-p 127.0.0.1:8400:8400` keeps the port to this machine.
ENTRYPOINT ["python", "-m", "knock_sdk.testing", "--host", "0.0.0.0", "--port", "8400", "--allow-remote"]
CMD ["--real-time"]
