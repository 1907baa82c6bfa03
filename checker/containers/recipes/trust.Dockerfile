# What every stand-in is built on: Debian, and the authorities that this machine trusts. A classroom
# behind a proxy has one of its own, and pip and npm in a build must know it. The file has a place of
# its own, since Debian's package ca-certificates writes the usual one anew.
ARG BASE
FROM ${BASE}
COPY ca.crt /etc/ssl/course.crt
ENV SSL_CERT_FILE=/etc/ssl/course.crt \
    CURL_CA_BUNDLE=/etc/ssl/course.crt \
    PIP_CERT=/etc/ssl/course.crt \
    NODE_EXTRA_CA_CERTS=/etc/ssl/course.crt
