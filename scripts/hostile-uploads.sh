#!/bin/sh
# Sends broken and malicious requests to a server of its own: mutated images, made-up TIFF structures, decompression
# bombs, broken forms, documents that are nearly right, paths that lead elsewhere, wrong tokens. Fails on an answer of
# 500, on none within 30 s, and on anything written outside the server's folder.
#
# usage: scripts/hostile-uploads.sh [REQUESTS] [SEED]
set -eu
cd "$(dirname "$0")/.."
exec mvn -q test -pl server -am -Dtest=HostileRequestsTest -Dsurefire.failIfNoSpecifiedTests=false \
    -Dtest.jvm="-Xmx2g --enable-native-access=ALL-UNNAMED -Dterrachange.hostile.requests=${1:-1000} \
-Dterrachange.hostile.seed=${2:-20260131}"
