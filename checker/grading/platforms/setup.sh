#!/bin/sh
# Make the course and its environments, once, when the autograder is built.
set -eu
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install --yes --no-install-recommends python3 python3-venv git
mkdir -p /opt/course
cp -R /autograder/source/course/. /opt/course
cd /opt/course
./course check 1 --list
