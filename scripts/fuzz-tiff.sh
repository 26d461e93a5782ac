#!/usr/bin/env bash
# Feeds the TIFF reader mutated files, guided by coverage, and says what it finds.
#
#   scripts/fuzz-tiff.sh MINUTES [SEEDS] [TARGET]
#
# SEEDS is a folder of TIFF files to start from, the smaller and the more different the better (those above 64 KiB are
# left out). TARGET is TiffFuzz (the default) or SidecarFuzz. Each input has 10 seconds and a heap of 512 MiB; whatever
# takes more, or fails with anything but one clear line, is a finding. Inputs that reached new code are kept in
# raster/target/fuzz/TARGET/corpus, findings in raster/target/fuzz/TARGET/findings; the exit status tells whether there
# were any.
set -euo pipefail

[ $# -ge 1 ] && [ $# -le 3 ] && [[ $1 =~ ^[0-9]+$ ]] || {
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
    exit 2
}
minutes=$1
seeds=${2:+$(cd "$2" && pwd)}
target=${3:-TiffFuzz}

cd "$(dirname "${BASH_SOURCE[0]}")/.."
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
"$java" -version 2>&1 | grep -Eq '"(2[5-9]|[3-9][0-9])' || {
    echo "fuzz-tiff: set JAVA_HOME to a JDK 25 or later" >&2
    exit 2
}

work=$PWD/raster/target/fuzz/$target
scratch=/dev/shm
[ -w "$scratch" ] || scratch=${TMPDIR:-/tmp}
scratch=$(mktemp -d "$scratch/terrachange-fuzz.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$work/corpus" "$work/findings" "$work/seeds"
if [ -n "$seeds" ]; then
    find "$seeds" -maxdepth 1 -type f -size -64k \( -name '*.tif' -o -name '*.tiff' \) -exec cp -f {} "$work/seeds" \;
fi

mvn -q -B -Pfuzz -pl raster test-compile dependency:build-classpath -Dmdep.outputFile="$work/classpath" \
    > "$work/build.log" 2>&1 || {
    grep '^\[ERROR\]' "$work/build.log" | head -n 5 >&2
    exit 2
}
before=$(ls "$work/findings" | wc -l)

# The limit on resident memory includes the heap, which has its own.
"$java" -Xmx512m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -XX:+EnableDynamicAgentLoading \
    -Djava.io.tmpdir="$scratch" -Dterrachange.gdal=off \
    -cp "raster/target/classes:raster/target/test-classes:$(cat "$work/classpath")" \
    com.code_intelligence.jazzer.Jazzer \
    --target_class="org.terrachange.raster.fuzz.$target" \
    --instrumentation_includes='org.terrachange.raster.**' \
    --keep_going=100 --reproducer_path="$work/findings" \
    -artifact_prefix="$work/findings/" -dict=raster/src/test/fuzz/tiff.dict \
    -max_total_time=$((minutes * 60)) -timeout=10 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 \
    "$work/corpus" "$work/seeds" 2>&1 | tee "$work/log" | grep -E '^(== Java|#[0-9]+.*(pulse|DONE)|stat::|Done)' || true

found=$(($(ls "$work/findings" | wc -l) - before))
echo "findings: $found (in $work/findings)"
[ "$found" -eq 0 ]
