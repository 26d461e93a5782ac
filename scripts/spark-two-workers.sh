#!/bin/sh
# Runs a catalogue on a cluster of two workers, each a process of its own on this machine, and compares what it leaves
# with the files of single detections. With --kill, one executor is killed (kill -9) when a quarter of the pairs is done.
#
# scripts/spark-two-workers.sh [--kill] [--pairs N] [--big PIXELS] [FOLDER]
#   default: 500 pairs of 256 pixels and one of 6000; a temporary folder, removed in the end
#
# The pairs are ten synthetic ones, each under N / 10 names: a pair of the catalogue is as much work as any other, and the
# single detections to compare with are ten.
set -eu

home=$(cd "$(dirname "$0")/.." && pwd -P)
kill=
pairs=500
big=6000
work=
while [ $# -gt 0 ]; do
    case $1 in
        --kill) kill=yes ;;
        --pairs) pairs=$2; shift ;;
        --big) big=$2; shift ;;
        -*) echo "unknown option $1" >&2; exit 2 ;;
        *) work=$1 ;;
    esac
    shift
done
if [ -n "$work" ]; then
    mkdir -p "$work"
    keep=yes
else
    work=$(mktemp -d)
    keep=
fi
work=$(cd "$work" && pwd -P)
distinct=10

processes=
clean() {
    for process in $processes; do
        kill "$process" 2> /dev/null || true
    done
    [ -n "$keep" ] || rm -rf "$work"
}
trap clean EXIT
trap 'exit 130' INT TERM

# Builds the program where that is needed, and tells the Java that runs it.
"$home/terrachange" --version > /dev/null
read -r version < "$home/cli/target/current"
app=$home/cli/target/app/$version
java=
for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
    if [ -x "$candidate/bin/java" ] && grep -q '^JAVA_VERSION="\(2[5-9]\|[3-9]\)' "$candidate/release" 2> /dev/null; then
        java=$candidate
        break
    fi
done
[ -n "$java" ] || { echo "no Java 25 found; set JAVA_HOME" >&2; exit 1; }

echo "making pairs" >&2
pair() { # NAME SEED SIDE
    [ -f "$work/images/$1-after.tif" ] && return
    "$home/terrachange" synthesize --quiet --seed "$2" --size "$3" --gsd 0.5 --out "$work/pair" > /dev/null
    mkdir -p "$work/images"
    mv "$work/pair/before.tif" "$work/images/$1-before.tif"
    mv "$work/pair/after.tif" "$work/images/$1-after.tif"
    rm -r "$work/pair"
}
for seed in $(seq 1 "$distinct"); do
    pair "small$seed" "$seed" 256
done
pair big 77 "$big"
{
    echo "id,before,after"
    echo "big,images/big-before.tif,images/big-after.tif"
    for number in $(seq 0 $((pairs - 1))); do
        seed=$((number % distinct + 1))
        echo "p$number,images/small$seed-before.tif,images/small$seed-after.tif"
    done
} > "$work/catalogue.csv"

echo "single detections" >&2
single() { # NAME
    [ -f "$work/single/$1/summary.json" ] && return
    "$home/terrachange" detect --quiet "$work/images/$1-before.tif" "$work/images/$1-after.tif" \
        --out "$work/single/$1" > /dev/null
}
for seed in $(seq 1 "$distinct"); do
    single "small$seed"
done
started=$(date +%s)
single big
echo "the large pair alone: $(($(date +%s) - started)) s" >&2

# What the workers need of an installation of Spark: its jars.
mkdir -p "$work/spark" "$work/log"
ln -sfn "$app/lib/spark" "$work/spark/jars"
export SPARK_SCALA_VERSION=2.13 SPARK_HOME="$work/spark" SPARK_LOCAL_IP=127.0.0.1 JAVA_HOME="$java"
port=$((20000 + $$ % 10000))
daemon() { # NAME CLASS ARGUMENTS
    name=$1
    shift
    "$java/bin/java" -Xmx512m --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -cp "$app/lib/spark/*:$app/terrachange.jar" "$@" > "$work/log/$name" 2>&1 &
    processes="$processes $!"
}
daemon master org.apache.spark.deploy.master.Master --host 127.0.0.1 --port "$port" --webui-port 0
workers=
for name in one two; do
    daemon "$name" org.apache.spark.deploy.worker.Worker --host 127.0.0.1 --webui-port 0 --cores 1 --memory 3g \
        --work-dir "$work/log/$name-work" "spark://127.0.0.1:$port"
    workers="$workers $!"
done

echo "the catalogue on two workers" >&2
rm -rf "$work/out"
started=$(date +%s)
TERRACHANGE_JAVA_OPTS=-Xmx1g "$home/terrachange" batch detect "$work/catalogue.csv" --out "$work/out" --json \
    --master "spark://127.0.0.1:$port" --conf spark.executor.memory=2g --band-rows 2 > "$work/summary.json" &
driver=$!
if [ -n "$kill" ]; then
    while kill -0 "$driver" 2> /dev/null; do
        finished=$(find "$work/out" -maxdepth 2 -name batch.json 2> /dev/null | wc -l)
        if [ "$finished" -ge $((pairs / 4)) ]; then
            victim=$(pgrep -P "${workers##* }" | head -n 1)
            kill -9 "$victim"
            echo "killed executor $victim after $finished pairs" >&2
            break
        fi
        sleep 0.5
    done
fi
wait "$driver"
seconds=$(($(date +%s) - started))
cat "$work/summary.json"

echo "comparing" >&2
files="probability.tif mask.tif changes.geojson overlay.png"
compare() { # FOLDER SINGLE
    for file in $files; do
        [ "$(sha256sum < "$work/out/$1/$file")" = "$(sha256sum < "$work/single/$2/$file")" ] \
            || { echo "$1/$file differs from the single detection" >&2; exit 1; }
    done
}
compare big big
for number in $(seq 0 $((pairs - 1))); do
    compare "p$number" "small$((number % distinct + 1))"
done
[ ! -e "$work/out/.batch" ] || { echo "unfinished work was left behind" >&2; exit 1; }
echo "$((pairs + 1)) pairs in $seconds s, every file ($files) the same as of single detections"
