package org.terrachange.raster.polygon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.locationtech.jts.algorithm.Orientation;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.operation.union.UnaryUnionOp;
import org.locationtech.jts.operation.valid.IsValidOp;

class PolygonizerTest {

    static Stream<SampleMask> masksOfEveryKind() {
        long seed = new SplittableRandom().nextLong();
        System.out.println("PolygonizerTest masks: seed " + seed);
        RandomGenerator random = new SplittableRandom(seed);
        var masks = new ArrayList<SampleMask>();
        for (double density : new double[] {0.05, 0.3, 0.5, 0.6, 0.7, 0.95}) {
            for (int i = 0; i < 4; i++) {
                masks.add(SampleMask.noise(random, random.nextInt(1, 24), random.nextInt(1, 24), density));
            }
        }
        for (int i = 0; i < 100; i++) {
            masks.add(SampleMask.noise(random, random.nextInt(2, 8), random.nextInt(2, 8), 0.6));
        }
        for (int i = 0; i < 5; i++) {
            masks.add(SampleMask.blobs(random, 40, 36, random.nextInt(1, 20), 7));
        }
        for (double density : new double[] {0.5, 1}) {
            masks.add(SampleMask.noise(random, 1, 30, density));
            masks.add(SampleMask.noise(random, 30, 1, density));
            masks.add(SampleMask.noise(random, 1, 1, density));
            masks.add(SampleMask.noise(random, 17, 19, density));
        }
        masks.add(SampleMask.blank(20, 10));
        masks.add(SampleMask.checkerboard(16, 15, 1));
        masks.add(SampleMask.checkerboard(24, 24, 3));
        masks.add(SampleMask.rings(21));
        masks.add(SampleMask.spiral(24));
        return masks.stream();
    }

    @ParameterizedTest
    @MethodSource("masksOfEveryKind")
    void polygonsEqualTheUnionOfTheirPixels(SampleMask mask) throws IOException {
        List<Patch> expected = floodFill(mask);
        List<MaskComponent> found = polygonize(mask, mask.height());

        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            MaskComponent component = found.get(i);
            Patch patch = expected.get(i);
            var validity = new IsValidOp(component.outline());
            assertThat(validity.isValid())
                    .as(() -> validity.getValidationError() + " in " + component.outline())
                    .isTrue();
            assertThat(component.outline().equalsTopo(patch.geometry)).isTrue();
            assertThat(component.outline().getArea()).isEqualTo((double) component.pixels());
            assertThat(component.pixels()).isEqualTo(patch.pixels);
            assertThat(component.meanProbability()).isCloseTo(patch.sum / patch.pixels, within(1e-9));
            assertThat(component.maxProbability()).isEqualTo(patch.max);
            assertThat(component.id()).isEqualTo(i + 1);
            assertRingsInOrder(component.outline());
        }
    }

    @ParameterizedTest
    @MethodSource("masksOfEveryKind")
    void anySplitOfTheRowsGivesTheSamePolygons(SampleMask mask) throws IOException {
        var whole = polygonize(mask, mask.height());
        for (int rows : new int[] {1, 2, 7}) {
            var split = polygonize(mask, rows);
            assertThat(split).hasSameSizeAs(whole);
            for (int i = 0; i < split.size(); i++) {
                assertThat(split.get(i).outline().equalsExact(whole.get(i).outline()))
                        .isTrue();
                assertThat(split.get(i).meanProbability())
                        .isEqualTo(whole.get(i).meanProbability());
            }
        }
    }

    @Test
    void patchesThatTouchAtACornerAreSeparate() throws IOException {
        assertThat(polygonize(SampleMask.drawn("#.", ".#"), 2))
                .extracting(c -> c.outline().toText())
                .containsExactly("POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))", "POLYGON ((1 1, 2 1, 2 2, 1 2, 1 1))");
    }

    @Test
    void aHoleMayTouchTheShellAtACorner() throws IOException {
        assertThat(polygonize(SampleMask.drawn("##.", "#.#", "###"), 3))
                .extracting(c -> c.outline().toText())
                .containsExactly("POLYGON ((0 0, 2 0, 2 1, 3 1, 3 3, 0 3, 0 0), (1 1, 1 2, 2 2, 2 1, 1 1))");
    }

    @Test
    void holesThatTouchAtACornerAreSeparateRings() throws IOException {
        var polygon = polygonize(SampleMask.drawn("####", "#.##", "##.#", "####"), 4)
                .getFirst()
                .outline();
        assertThat(polygon.toText())
                .isEqualTo("POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 1 2, 2 2, 2 1, 1 1), (2 2, 2 3, 3 3, 3 2, 2 2))");
        assertThat(polygon.isValid()).isTrue();
    }

    @Test
    void patchesAreEmittedByLastRowThenFromTheLeft() throws IOException {
        assertThat(polygonize(SampleMask.drawn("#.#.#", "#...#", "..#.#"), 3))
                .extracting(c -> c.outline().getEnvelopeInternal())
                .containsExactly(
                        new Envelope(2, 3, 0, 1),
                        new Envelope(0, 1, 0, 2),
                        new Envelope(2, 3, 2, 3),
                        new Envelope(4, 5, 0, 3));
    }

    @Test
    void aPatchLeavesAsSoonAsItIsComplete() throws IOException {
        var found = new ArrayList<MaskComponent>();
        var polygonizer = new Polygonizer(3, 1, found::add);
        polygonizer.append(1, new byte[] {1, 1, 0}, new float[] {0.5f, 1, 0});
        assertThat(found).isEmpty();
        polygonizer.append(1, new byte[] {0, 0, 1}, new float[] {0, 0, 0.25f});
        assertThat(found).hasSize(1);
        assertThat(found.getFirst().meanProbability()).isEqualTo(0.75);
        assertThat(polygonizer.finish()).isEqualTo(2);
        assertThat(polygonizer.finish()).isEqualTo(2);
        assertThat(found).hasSize(2);
    }

    @Test
    void patchesThatAreTooSmallAreDroppedAndGetNoId() throws IOException {
        var mask = SampleMask.drawn("#.##", "....", "##.#");
        var found = new ArrayList<MaskComponent>();
        var polygonizer = new Polygonizer(4, 2, found::add);
        polygonizer.append(3, mask.mask(), mask.probability());
        assertThat(polygonizer.finish()).isEqualTo(2);
        assertThat(found).extracting(MaskComponent::id).containsExactly(1L, 2L);
        assertThat(found).extracting(MaskComponent::pixels).containsExactly(2L, 2L);
    }

    @Test
    void wrongSizesAndLateRowsAreRefused() throws IOException {
        assertThatThrownBy(() -> new Polygonizer(0, 1, _ -> {})).hasMessageContaining("at least one column, got 0");
        var polygonizer = new Polygonizer(5, 1, _ -> {});
        assertThatThrownBy(() -> polygonizer.append(2, new byte[9], new float[10]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 rows of 5 columns need 10 values, got a mask of 9");
        polygonizer.finish();
        assertThatThrownBy(() -> polygonizer.append(1, new byte[5], new float[5]))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aFailureOfTheSinkIsPassedOn() {
        var polygonizer = new Polygonizer(1, 1, _ -> {
            throw new IOException("disk full");
        });
        assertThatThrownBy(() -> polygonizer.append(2, new byte[] {1, 0}, new float[2]))
                .isInstanceOf(IOException.class)
                .hasMessage("disk full");
    }

    @Test
    @Timeout(20)
    void aLargeSceneOfBlobsIsDoneInBoundedTime() throws IOException {
        int size = 4000;
        var mask = SampleMask.blobs(new SplittableRandom(5), size, size, 6000, 25);
        long started = System.nanoTime();
        var found = polygonize(mask, 256);
        System.out.printf(
                "%,d patches of a %dx%d mask in %d ms%n",
                found.size(),
                size,
                size,
                Duration.ofNanos(System.nanoTime() - started).toMillis());
        long set =
                IntStream.range(0, size * size).filter(i -> mask.mask()[i] != 0).count();
        assertThat(found.stream().mapToLong(MaskComponent::pixels).sum()).isEqualTo(set);
        assertThat(found).allSatisfy(c -> assertThat(c.outline().getArea()).isEqualTo((double) c.pixels()));
        assertThat(found).allMatch(c -> c.outline().isValid());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 0.62})
    @Timeout(20)
    void noiseIsDoneInBoundedTime(double density) throws IOException {
        var mask = SampleMask.noise(new SplittableRandom(6), 800, 800, density);
        long pixels = 0;
        for (var component : polygonize(mask, 64)) {
            assertThat(component.outline().getArea()).isEqualTo((double) component.pixels());
            pixels += component.pixels();
        }
        assertThat(pixels)
                .isEqualTo(IntStream.range(0, mask.mask().length)
                        .filter(i -> mask.mask()[i] != 0)
                        .count());
    }

    @Test
    void memoryIsUsedAgainHoweverTallTheScene() throws IOException {
        // One pixel in every other row: more corners in all than may be open at once.
        int rows = 1 << 16;
        byte[] mask = new byte[rows];
        for (int i = 0; i < rows; i += 2) {
            mask[i] = 1;
        }
        var polygonizer = new Polygonizer(1, 2, 8, _ -> {});
        polygonizer.append(rows, mask, new float[rows]);
        assertThat(polygonizer.finish()).isZero();
        assertThat(polygonizer.cuts()).isZero();
    }

    @ParameterizedTest
    @MethodSource("masksOfEveryKind")
    void cutPatchesMakeValidPiecesThatCoverTheMaskOnce(SampleMask mask) throws IOException {
        long ones = IntStream.range(0, mask.mask().length)
                .filter(i -> mask.mask()[i] != 0)
                .count();
        for (int mostCorners : new int[] {1, 12, 60}) {
            var pieces = new ArrayList<MaskComponent>();
            var polygonizer = new Polygonizer(mask.width(), 1, mostCorners, pieces::add);
            polygonizer.append(mask.height(), mask.mask(), mask.probability());
            polygonizer.finish();
            var outlines = new ArrayList<Geometry>();
            long pixels = 0;
            for (MaskComponent piece : pieces) {
                assertThat(piece.outline().isValid()).isTrue();
                assertThat(piece.outline().getArea()).isEqualTo((double) piece.pixels());
                assertRingsInOrder(piece.outline());
                outlines.add(piece.outline());
                pixels += piece.pixels();
            }
            assertThat(pixels).isEqualTo(ones);
            assertThat(UnaryUnionOp.union(outlines) instanceof Geometry union ? union.getArea() : 0)
                    .isEqualTo((double) ones);
        }
    }

    @Test
    void onlyTheLongestOutlineIsCut() throws IOException {
        // A comb beside a bar: the comb has the corners.
        var mask = SampleMask.drawn("#.#####", "#.#....", "#.#####", "#.#....", "#.#####", "#.#....", "#.#####");
        var pieces = new ArrayList<MaskComponent>();
        var polygonizer = new Polygonizer(7, 1, 12, pieces::add);
        polygonizer.append(7, mask.mask(), mask.probability());
        polygonizer.finish();
        assertThat(polygonizer.cuts()).isEqualTo(1);
        assertThat(pieces)
                .extracting(piece -> piece.outline().toText())
                .containsExactlyInAnyOrder(
                        "POLYGON ((0 0, 1 0, 1 7, 0 7, 0 0))",
                        "POLYGON ((2 0, 7 0, 7 1, 3 1, 3 2, 7 2, 7 3, 3 3, 3 4, 7 4, 7 5, 3 5, 3 6, 2 6, 2 0))",
                        "POLYGON ((2 6, 7 6, 7 7, 2 7, 2 6))");
    }

    @Test
    void anEndlessSieveIsCutBeforeMemoryRunsOut() throws IOException {
        int width = 16_384;
        byte[] mask = new byte[2 * width];
        for (int x = 0; x < width; x++) {
            mask[x] = 1;
            mask[width + x] = (byte) (x & 1);
        }
        long[] found = new long[2];
        int most = 1 << 18;
        var polygonizer = new Polygonizer(width, 1, most, piece -> {
            found[0] += piece.pixels();
            found[1] = Math.max(found[1], piece.outline().getNumPoints());
        });
        for (int i = 0; i < 50; i++) {
            polygonizer.append(2, mask, new float[2 * width]);
        }
        polygonizer.finish();
        assertThat(found[0]).isEqualTo(50L * (width + width / 2));
        assertThat(found[1]).isBetween(most / 2L, 2L * most);
        assertThat(polygonizer.cuts()).isGreaterThan(1);
    }

    private static List<MaskComponent> polygonize(SampleMask mask, int rowsPerCall) throws IOException {
        var found = new ArrayList<MaskComponent>();
        var polygonizer = new Polygonizer(mask.width(), 1, found::add);
        for (int y = 0; y < mask.height(); y += rowsPerCall) {
            int rows = Math.min(rowsPerCall, mask.height() - y);
            int from = y * mask.width();
            int to = from + rows * mask.width();
            polygonizer.append(
                    rows, Arrays.copyOfRange(mask.mask(), from, to), Arrays.copyOfRange(mask.probability(), from, to));
        }
        assertThat(polygonizer.finish()).isEqualTo(found.size());
        return found;
    }

    /// Shell counter-clockwise in the numbers, holes the other way, no vertex on a straight line, each ring
    /// started at its topmost, leftmost vertex, holes by that vertex.
    private static void assertRingsInOrder(Polygon polygon) {
        assertRing(polygon.getExteriorRing(), true);
        Coordinate before = new Coordinate(-1, -1);
        for (int i = 0; i < polygon.getNumInteriorRing(); i++) {
            assertRing(polygon.getInteriorRingN(i), false);
            Coordinate start = polygon.getInteriorRingN(i).getCoordinateN(0);
            assertThat(TOP_LEFT_FIRST.compare(before, start)).isNegative();
            before = start;
        }
    }

    private static final Comparator<Coordinate> TOP_LEFT_FIRST =
            Comparator.comparingDouble((Coordinate c) -> c.y).thenComparingDouble(c -> c.x);

    private static void assertRing(LinearRing ring, boolean counterClockwise) {
        Coordinate[] c = ring.getCoordinates();
        assertThat(Orientation.isCCW(c)).isEqualTo(counterClockwise);
        assertThat(Arrays.stream(c).min(TOP_LEFT_FIRST).orElseThrow()).isEqualTo(c[0]);
        for (int i = 0; i + 1 < c.length; i++) {
            Coordinate before = c[i == 0 ? c.length - 2 : i - 1];
            boolean turns = (before.x == c[i].x) != (c[i].x == c[i + 1].x);
            assertThat(turns).as("turn at vertex " + i + " of " + ring).isTrue();
        }
    }

    private static final class Patch {
        Geometry geometry = new GeometryFactory().createPolygon();
        long pixels;
        double sum;
        double max;
        int lastRow;
        int leftmost;
    }

    /// The slow way: flood fill, then the union of unit squares, in the documented order.
    private static List<Patch> floodFill(SampleMask mask) {
        var factory = new GeometryFactory();
        boolean[] seen = new boolean[mask.mask().length];
        var patches = new ArrayList<Patch>();
        for (int seed = 0; seed < seen.length; seed++) {
            if (seen[seed] || mask.mask()[seed] == 0) {
                continue;
            }
            var patch = new Patch();
            patch.lastRow = -1;
            var squares = new ArrayList<Geometry>();
            var todo = new ArrayList<Integer>(List.of(seed));
            seen[seed] = true;
            while (!todo.isEmpty()) {
                int at = todo.removeLast();
                int x = at % mask.width();
                int y = at / mask.width();
                squares.add(factory.toGeometry(new Envelope(x, x + 1, y, y + 1)));
                patch.pixels++;
                patch.sum += mask.probability()[at];
                patch.max = Math.max(patch.max, mask.probability()[at]);
                if (y > patch.lastRow || (y == patch.lastRow && x < patch.leftmost)) {
                    patch.lastRow = y;
                    patch.leftmost = x;
                }
                int[][] neighbours = {{x - 1, y}, {x + 1, y}, {x, y - 1}, {x, y + 1}};
                for (int[] n : neighbours) {
                    int index = n[1] * mask.width() + n[0];
                    if (n[0] >= 0
                            && n[0] < mask.width()
                            && n[1] >= 0
                            && n[1] < mask.height()
                            && mask.set(n[0], n[1])
                            && !seen[index]) {
                        seen[index] = true;
                        todo.add(index);
                    }
                }
            }
            patch.geometry = UnaryUnionOp.union(squares);
            patches.add(patch);
        }
        patches.sort(Comparator.comparingInt((Patch p) -> p.lastRow).thenComparingInt(p -> p.leftmost));
        return patches;
    }
}
