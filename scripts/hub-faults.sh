#!/bin/sh
# Shows what "terrachange models pull" makes of a server that fails in every way: starts one, pulls a model for each
# fault, and says how each ended. Those that can arrive must arrive whole; the others must end with status 1, one line,
# and no file. Then two processes pull one model at once, one is killed with -9, and one is stopped as by Ctrl-C.
#
#   scripts/hub-faults.sh [FOLDER]     FOLDER is made for the run and kept; default: a temporary one, removed
#
# Takes about five minutes, most of them the pauses between attempts. TERRACHANGE_COMMAND names another program to run
# in place of ./terrachange.
set -eu

home=$(cd "$(dirname "$0")/.." && pwd -P)
program=${TERRACHANGE_COMMAND:-$home/terrachange}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
"$java" -version 2>&1 | grep -Eq '"(2[5-9]|[3-9][0-9])' || {
    echo "hub-faults: set JAVA_HOME to a JDK 25 or later" >&2
    exit 2
}

if [ $# -gt 0 ]; then
    work=$1
    mkdir -p "$work"
else
    work=$(mktemp -d)
fi
work=$(cd "$work" && pwd -P)
rm -rf "$work/registry.json" "$work/home"

"$java" "$home/hub/src/test/java/org/terrachange/hub/FaultServer.java" "$work/registry.json" 3000000 &
server=$!
[ $# -gt 0 ] && trap 'kill $server' EXIT || trap 'kill $server; rm -rf "$work"' EXIT
while [ ! -f "$work/registry.json" ]; do
    kill -0 $server 2> /dev/null || exit 2
    sleep 0.2
done

export TERRACHANGE_REGISTRY="$work/registry.json" TERRACHANGE_HOME="$work/home" TERRACHANGE_TIMEOUT=2
unset TERRACHANGE_MIRROR TERRACHANGE_OFFLINE HTTP_PROXY http_proxy ALL_PROXY all_proxy
sha256=$(sed -n 's/.*"sha256": "\([0-9a-f]*\)".*/\1/p' "$TERRACHANGE_REGISTRY" | head -n 1)
content=$work/home/models/sha256/$sha256
failed=0

fail() {
    echo "    NOT AS EXPECTED: $1"
    failed=$((failed + 1))
}

# Whether the one right file is there; removes it, so that the next fault starts from nothing.
arrived() {
    file=$(find "$content" -name '*.safetensors' 2> /dev/null | head -n 1)
    [ -n "$file" ] && [ "$(sha256sum "$file" | cut -d ' ' -f 1)" = "$sha256" ] && rm -r "$content"
}

pull() {
    status=0
    # shellcheck disable=SC2086 # a program with arguments is meant to be split
    $program models pull "$@" > "$work/out" 2> "$work/err" || status=$?
    sed "s|$work|FOLDER|g; s/^/    /" "$work/err"
}

for fault in good cuts resets ignores-ranges busy shaky stalls chunked changes changes-silently moved; do
    echo "$fault: must arrive"
    pull "$fault"
    [ "$status" = 0 ] || fail "exit status $status"
    arrived || fail "the file is not there or not the right one"
done

for fault in wrong forbidden missing closed broken silent promises-more promises-less endless circle page; do
    echo "$fault: must be refused"
    pull "$fault"
    [ "$status" = 1 ] || fail "exit status $status"
    [ "$(tail -n 1 "$work/err" | grep -c 'could not be downloaded')" = 1 ] || fail "the last line gives no reason"
    ! arrived || fail "a file is there"
done

echo "two at once: must share one download"
$program models pull slow > "$work/out.1" 2> "$work/err.1" &
first=$!
$program models pull slow > "$work/out.2" 2> "$work/err.2" &
second=$!
wait $first && wait $second || fail "one of them failed"
cat "$work/err.1" "$work/err.2" | sed "s/^/    /"
[ "$(cat "$work/err.1" "$work/err.2" | grep -c 'another process is downloading slow')" = 1 ] || fail "nobody waited"
arrived || fail "the file is not there or not the right one"

# Starts a slow pull and returns once it has got somewhere.
begin_slow() {
    $program models pull slow > "$work/out" 2> "$work/err" &
    process=$!
    until [ "$(stat -c %s "$work/home/models/partial/slow.safetensors.part" 2> /dev/null || echo 0)" -gt 500000 ]; do
        kill -0 $process 2> /dev/null || { fail "it ended before it could be stopped"; return; }
        sleep 0.1
    done
}

# Pulls again, from what the stopped pull has left.
finish_slow() {
    kept=$(stat -c %s "$work/home/models/partial/slow.safetensors.part" 2> /dev/null || echo 0)
    echo "    $kept bytes are kept"
    [ "$kept" -gt 0 ] || fail "nothing is kept"
    pull slow
    [ "$status" = 0 ] || fail "exit status $status"
    arrived || fail "the file is not there or not the right one"
}

echo "killed with -9: must go on where it was"
begin_slow
kill -9 $process
wait $process 2> /dev/null || true
finish_slow

echo "stopped politely, as by Ctrl-C: must say so, and go on where it was"
begin_slow
kill -TERM $process
status=0
wait $process 2> /dev/null || status=$?
sed "s/^/    /" "$work/err"
grep -q interrupted "$work/err" || fail "it does not say so"
finish_slow

[ "$failed" = 0 ] || { echo "$failed not as expected"; exit 1; }
echo "all as expected"
