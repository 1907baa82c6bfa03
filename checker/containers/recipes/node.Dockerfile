# Stands in for node: the program as npm carries it, npm itself, and the user node.
ARG BASE
FROM ${BASE}
COPY node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
    && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx \
    && chmod 755 /usr/local/bin/node /usr/local/lib/node_modules/npm/bin/*.js \
    && useradd --uid 1000 --create-home --shell /bin/bash node
CMD ["node"]
