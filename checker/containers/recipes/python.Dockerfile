# Stands in for python: Debian's Python where Docker's image has its own, in /usr/local, with pip.
ARG BASE
FROM ${BASE}
RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3 python3-venv \
    && rm -rf /var/lib/apt/lists/* \
    && python3 -m venv /usr/local
CMD ["python3"]
