#!/bin/sh
# Shows that an index survives kill -9 at any moment: indexes an archive of synthetic pairs once without interruption and
# once with a kill after a random time, again and again. After each kill the index must open and hold whole pairs only; the
# run that ends must leave the same records as the uninterrupted one.
#
# scripts/kill-and-resume-index.sh [KILLS] [FOLDER]     default: 20 kills in a temporary folder, removed
set -eu

home=$(cd "$(dirname "$0")/.." && pwd -P)
wanted=${1:-20}
if [ $# -gt 1 ]; then
    work=$2
    mkdir -p "$work"
else
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
fi
work=$(cd "$work" && pwd -P)
pairs=12
side=768
# Windows of a pair: 768 pixels of 0.5 m hold three windows of 128 m in each direction.
windows=9

mkdir -p "$work/archive/A" "$work/archive/B"
for seed in $(seq 1 "$pairs"); do
    [ -f "$work/archive/B/$seed.tif" ] && continue
    "$home/terrachange" synthesize --quiet --seed "$seed" --size "$side" --gsd 0.5 --out "$work/pair" > /dev/null
    mv "$work/pair/before.tif" "$work/archive/A/$seed.tif"
    mv "$work/pair/after.tif" "$work/archive/B/$seed.tif"
    rm -r "$work/pair"
done

index() {
    exec "$home/terrachange" retrieval index "$work/archive" --index "$1" --quiet
}

# All records, their scores included, in the order of their names.
records() {
    # Not straight into the pipe, whose exit code is that of its end.
    "$home/terrachange" retrieval search "new houses along a road" --index "$1" --limit 10000 --format csv --quiet \
        > "$work/found.csv" || return
    cut -d , -f 2,4- "$work/found.csv" | sort
}

echo "indexing without interruption" >&2
(index "$work/whole") > /dev/null
records "$work/whole" > "$work/whole.csv"

kills=0
while [ "$kills" -lt "$wanted" ]; do
    rm -rf "$work/broken"
    while :; do
        index "$work/broken" > /dev/null 2>&1 &
        process=$!
        tenths=$(awk -v seed="$(date +%N)" 'BEGIN { srand(seed); print int(20 + rand() * 250) }')
        while [ "$tenths" -gt 0 ] && kill -0 "$process" 2> /dev/null; do
            sleep 0.1
            tenths=$((tenths - 1))
        done
        if ! kill -9 "$process" 2> /dev/null; then
            wait "$process"
            break
        fi
        wait "$process" 2> /dev/null || true
        kills=$((kills + 1))
        # Before its first commit there may be no index yet.
        if records "$work/broken" > "$work/broken.csv" 2> "$work/refusal"; then
            held=$(($(wc -l < "$work/broken.csv") - 1))
            [ $((held % windows)) -eq 0 ] || { echo "half a pair after kill $kills: $held records" >&2; exit 1; }
            [ "$(comm -13 "$work/whole.csv" "$work/broken.csv" | wc -l)" -eq 0 ] \
                || { echo "other records after kill $kills" >&2; exit 1; }
            echo "kill $kills: $held records, all whole" >&2
        else
            grep -q "no such index" "$work/refusal" || { cat "$work/refusal" >&2; exit 1; }
            echo "kill $kills: no index yet" >&2
        fi
        [ "$kills" -lt "$wanted" ] || { (index "$work/broken") > /dev/null; break; }
    done
    records "$work/broken" > "$work/broken.csv"
    cmp "$work/whole.csv" "$work/broken.csv"
done
echo "killed $kills times; the records are those of the uninterrupted run"
