#!/bin/sh
# Shows that a training killed with -9 in the middle of an epoch, and resumed, ends with the weights of one that was
# never interrupted: trains a short run twice on synthetic scenes, kills the second again and again, compares the files.
#
# scripts/kill-and-resume.sh [FOLDER]     FOLDER is made for the run and kept; default: a temporary one, removed
set -eu

home=$(cd "$(dirname "$0")/.." && pwd -P)
if [ $# -gt 0 ]; then
    work=$1
    mkdir -p "$work"
else
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
fi
work=$(cd "$work" && pwd -P)

for split in train val; do
    mkdir -p "$work/data/$split/A" "$work/data/$split/B" "$work/data/$split/label"
    for seed in 1 2 3; do
        [ "$split" = train ] || seed=$((seed + 3))
        "$home/terrachange" synthesize --quiet --seed "$seed" --size 256 --out "$work/pair"
        mv "$work/pair/before.tif" "$work/data/$split/A/$seed.tif"
        mv "$work/pair/after.tif" "$work/data/$split/B/$seed.tif"
        mv "$work/pair/mask.tif" "$work/data/$split/label/$seed.tif"
        rm -r "$work/pair"
    done
done

train() {
    exec "$home/terrachange" train --quiet --data "$work/data:train" --val "$work/data:val" --crop 64 --batch 8 \
        --samples 480 --epoch-samples 120 --lr 1e-3 --seed 5 --name resumed --out "$1"
}

echo "training without interruption" >&2
(train "$work/whole") > /dev/null

kills=0
while :; do
    train "$work/broken" > /dev/null 2>&1 &
    process=$!
    # Long enough to reach the middle of an epoch, shorter than the run.
    for _ in $(seq 1 $((12 + kills * 3))); do
        sleep 0.5
        kill -0 "$process" 2> /dev/null || break
    done
    if kill -9 "$process" 2> /dev/null; then
        wait "$process" 2> /dev/null || true
        kills=$((kills + 1))
        echo "killed ($kills)" >&2
    else
        wait "$process"
        break
    fi
done

[ "$kills" -gt 0 ] || { echo "the run ended before it could be killed; nothing was shown" >&2; exit 1; }
for file in last.safetensors best.safetensors state.safetensors; do
    cmp "$work/whole/$file" "$work/broken/$file"
done
echo "killed $kills times; last, best and state are identical to the uninterrupted run's"
