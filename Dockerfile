# The site in one image: make image, or docker build --tag accountsite .
# BASE is any image with Python 3.12 or later as python3, and venv.
ARG BASE=python:3.13-slim

FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /site
RUN python3 -m venv /site/venv
COPY requirements/runtime.txt requirements/
RUN venv/bin/pip install --quiet --require-hashes --no-deps --requirement requirements/runtime.txt \
    && venv/bin/pip uninstall --yes --quiet pip
COPY . .
# The demo's settings are only there to start with: neither files nor translations depend on them.
RUN venv/bin/pybabel --quiet compile --directory locale --domain django \
    && ACCOUNTSITE_DEMO=1 ACCOUNTSITE_STATIC=/site/served venv/bin/python manage.py collectstatic --no-input \
    && venv/bin/python -m compileall -q accountsite manage.py venv/lib

FROM ${BASE}
RUN groupadd --gid 10001 accountsite \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data accountsite \
    && install --directory --owner accountsite --group accountsite --mode 0700 /data
COPY --from=build /site /site
WORKDIR /site
ENV PATH=/site/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    ACCOUNTSITE_DATA=/data \
    ACCOUNTSITE_STATIC=/site/served \
    ACCOUNTSITE_METRICS_HOST=0.0.0.0 \
    PORT=8000
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD \
    ["python3", "-c", "from os import environ as e; from urllib.request import urlopen; urlopen(f\"http://127.0.0.1:{e['PORT']}/healthz\", timeout=4)"]
# docker run accountsite            serves the site
# docker run accountsite migrate    is any command of manage.py
ENTRYPOINT ["python3", "manage.py"]
CMD ["serve"]
