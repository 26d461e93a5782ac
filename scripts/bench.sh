#!/bin/sh
# Measures how fast TerraChange is, each thing beside its peers in the same run, and prints tables; docs/performance.md
# holds such tables. Let nothing else run meanwhile.
#
# scripts/bench.sh kernels [PATTERN]       JMH: decoding, polygons, tokens, crops, views, network input, index
# scripts/bench.sh inference               one pass of each network beside the processor's peak, libtorch and PyTorch
# scripts/bench.sh detect [SIZE]           terrachange detect on a large pair beside the network alone (default 10000)
# scripts/bench.sh rasters [SIZE]          reading and writing TIFFs beside GDAL
# scripts/bench.sh polygons [SIZE]         outlining a mask beside GDAL
# scripts/bench.sh hdf5 [PAIRS]            writing and reading pairs in HDF5 beside h5py
# scripts/bench.sh training                training steps beside PyTorch
# scripts/bench.sh clip                    the towers of CLIP beside PyTorch
# scripts/bench.sh vectors [COUNT]         the archive index beside exact search and Lucene's own (default 1000000)
# scripts/bench.sh all
set -eu

home=$(cd "$(dirname "$0")/.." && pwd -P)
what=${1:-}
[ $# -eq 0 ] || shift

usage() {
    sed -n 's/^# \{0,1\}//p' "$0" | sed -n '/^scripts/p' >&2
    exit 2
}

find_java() {
    for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/java/* /opt/*jdk*; do
        if [ -x "$candidate/bin/javac" ] && [ -r "$candidate/release" ] \
            && grep -q '^JAVA_VERSION="\(2[5-9]\|[3-9][0-9]\)' "$candidate/release"; then
            java_home=$candidate
            return
        fi
    done
    echo "bench: no JDK 25 or later was found; install one and set JAVA_HOME" >&2
    exit 1
}

# As the launcher sets it: what is measured is what users get.
eval "$(sed -n '/^export \(MALLOC_\|THP_\|GOMP_\)/p' "$home/terrachange")"

# One class of the module bench, with options for the virtual machine before it.
run() {
    "$java_home/bin/java" --enable-native-access=ALL-UNNAMED -cp "$path" "$@"
}

bench() {
    case $1 in
        kernels) run -Xmx2g org.openjdk.jmh.Main "org.terrachange.bench.kernel.${2:-}" -f 1 -wi 3 -w 1 -i 5 -r 1 \
            -jvmArgs "--enable-native-access=ALL-UNNAMED --add-modules=jdk.incubator.vector" ;;
        inference) run -Xmx2g org.terrachange.bench.InferenceThroughput ;;
        detect) run -Xmx2g org.terrachange.bench.DetectThroughput "$home" "${2:-10000}" ;;
        rasters) run -Xmx2g org.terrachange.bench.RasterThroughput "${2:-8192}" ;;
        polygons) run -Xmx2g org.terrachange.bench.PolygonizerThroughput "${2:-8192}" "${2:-8192}" gdal ;;
        hdf5) run -Xmx2g org.terrachange.bench.Hdf5Throughput "${2:-400}" ;;
        training) run -Xmx8g org.terrachange.bench.TrainingThroughput ;;
        clip) run -Xmx8g org.terrachange.bench.ClipThroughput ;;
        vectors) run -Xmx2g --add-modules jdk.incubator.vector org.terrachange.bench.VectorSearchThroughput \
            "${2:-1000000}" ;;
        *) usage ;;
    esac
}

case $what in
    kernels | inference | detect | rasters | polygons | hdf5 | training | clip | vectors | all) ;;
    *) usage ;;
esac
find_java
path=$(mktemp)
trap 'rm -f "$path"' EXIT
(cd "$home" && JAVA_HOME=$java_home mvn -q -B -DskipTests package dependency:build-classpath \
    -Dmdep.outputFile="$path" -pl bench -am) > /dev/null
list=$path
path=$home/bench/target/classes:$(cat "$list")
rm -f "$list"
trap - EXIT
if [ "$what" = all ]; then
    for each in kernels inference detect rasters polygons hdf5 training clip vectors; do
        echo "## $each"
        bench "$each"
    done
else
    bench "$what" "$@"
fi
