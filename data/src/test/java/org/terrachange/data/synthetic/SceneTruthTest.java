package org.terrachange.data.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.prep.PreparedGeometry;
import org.locationtech.jts.geom.prep.PreparedGeometryFactory;
import org.locationtech.jts.operation.union.UnaryUnionOp;
import org.terrachange.data.synthetic.ChangedObject.Change;
import org.terrachange.data.synthetic.ChangedObject.Kind;
import org.terrachange.raster.Affine;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.Window;

class SceneTruthTest {
    private static final int SIZE = 1024;
    /// A hall of 12 m seen 14 degrees off nadir, and a pixel of shift.
    private static final double LARGEST_DISPLACEMENT = 12 * 0.25 + 0.5;

    @ParameterizedTest
    @ValueSource(longs = {5, 6})
    void theMaskIsTheUnionOfTheChangedFootprintsAsSeen(long seed) {
        Scene scene = Scene.of(SceneSpec.of(seed, SIZE, SIZE));
        SceneTruth truth = new SceneTruth(scene);
        byte[] mask = truth.mask(Window.whole(SIZE, SIZE));
        List<Geometry> footprints =
                truth.objects().stream().map(ChangedObject::footprint).toList();
        Geometry union = UnaryUnionOp.union(footprints);
        PreparedGeometry reachable = PreparedGeometryFactory.prepare(union.buffer(LARGEST_DISPLACEMENT));
        Affine transform = scene.grid().transform().orElseThrow();
        GeometryFactory factory = new GeometryFactory();
        for (int i = 0; i < mask.length; i += 37) {
            if (mask[i] != 0) {
                int column = i % SIZE;
                int row = i / SIZE;
                Coordinate centre =
                        new Coordinate(transform.x(column + 0.5, row + 0.5), transform.y(column + 0.5, row + 0.5));
                assertThat(reachable.covers(factory.createPoint(centre))).isTrue();
            }
        }
        Envelope inside = new Envelope(
                transform.x(10, 0), transform.x(SIZE - 10, 0), transform.y(0, SIZE - 10), transform.y(0, 10));
        for (ChangedObject object : truth.objects()) {
            if (inside.contains(object.footprint().getEnvelopeInternal())) {
                double area = object.footprint().getArea();
                // Parts of different heights move apart by their lean, so the outline as seen may differ a little.
                assertThat(object.pixels() * 0.25)
                        .as("%s %d", object.kind(), object.id())
                        .isCloseTo(area, within(0.08 * area + 4));
            }
        }
        long marked = countMarked(mask);
        long summed = truth.objects().stream().mapToLong(ChangedObject::pixels).sum();
        assertThat(marked).isBetween(summed - summed / 50, summed);
    }

    @ParameterizedTest
    @EnumSource(SceneStyle.class)
    void everySceneThatMayChangeDoesSoInPlausibleProportion(SceneStyle style) {
        for (long seed = 100; seed < 102; seed++) {
            Scene scene = Scene.of(SceneSpec.of(seed, SIZE, SIZE).withStyle(style));
            SceneTruth truth = new SceneTruth(scene);
            double share = countMarked(truth.mask(Window.whole(SIZE, SIZE))) / (double) (SIZE * SIZE);
            assertThat(share).as("changed share with seed %d", seed).isBetween(0.0005, 0.5);
        }
    }

    @ParameterizedTest
    @EnumSource(SceneStyle.class)
    void aPairWithoutChangeHasAnEmptyMaskYetDifferentImages(SceneStyle style) {
        SyntheticPair pair =
                SyntheticPair.of(SceneSpec.of(9, 200, 200).withStyle(style).withChanges(ChangeAmount.NONE));
        assertThat(pair.mask().bytes(0)).containsOnly(0);
        assertThat(pair.objects()).isEmpty();
        assertThat(pair.captions()).hasSize(5).contains("the scene is the same as before");
        assertThat(meanDifference(pair.before(), pair.after())).isGreaterThan(4);
    }

    @Test
    void aWindowOfTheMaskEqualsThatPartOfTheWhole() {
        SceneTruth truth = new SceneTruth(Scene.of(SceneSpec.of(6, 600, 600).withStyle(SceneStyle.SUBURB)));
        byte[] whole = truth.mask(Window.whole(600, 600));
        byte[] part = truth.mask(new Window(210, 140, 300, 250));
        assertThat(countMarked(part)).isPositive();
        for (int row = 0; row < 250; row++) {
            for (int column = 0; column < 300; column++) {
                if (part[row * 300 + column] != whole[(row + 140) * 600 + column + 210]) {
                    fail("column " + column + ", row " + row + " of the part differs");
                }
            }
        }
    }

    @Test
    void roadsCountOnlyWhereTheyAreAskedFor() {
        SceneSpec spec =
                SceneSpec.of(5, SIZE, SIZE).withStyle(SceneStyle.SUBURB).withChanges(ChangeAmount.EXTENSIVE);
        SceneTruth buildings = new SceneTruth(Scene.of(spec));
        SceneTruth both = new SceneTruth(Scene.of(spec.withTruth(TruthClasses.BUILDINGS_AND_ROADS)));
        assertThat(buildings.objects()).noneMatch(object -> object.kind() == Kind.ROAD);
        assertThat(both.objects()).anyMatch(object -> object.kind() == Kind.ROAD);
        Window all = Window.whole(SIZE, SIZE);
        assertThat(countMarked(both.mask(all))).isGreaterThan(countMarked(buildings.mask(all)));
    }

    @Test
    void captionsStateWhatTheTruthHoldsAndNothingElse() {
        for (SceneStyle style : SceneStyle.values()) {
            for (ChangeAmount amount : List.of(ChangeAmount.SPARSE, ChangeAmount.MODERATE, ChangeAmount.EXTENSIVE)) {
                for (long seed = 60; seed < 61; seed++) {
                    Scene scene = Scene.of(
                            SceneSpec.of(seed, 400, 400).withStyle(style).withChanges(amount));
                    SceneTruth truth = new SceneTruth(scene);
                    List<String> captions = Captions.of(scene, truth);
                    String all = String.join("\n", captions);
                    assertThat(captions)
                            .as("captions of seed %d", seed)
                            .hasSizeBetween(3, 5)
                            .doesNotHaveDuplicates();
                    if (all.contains("house")) {
                        assertThat(kinds(truth, null)).contains(Kind.HOUSE);
                    }
                    if (all.contains("large building")) {
                        assertThat(kinds(truth, null)).contains(Kind.HALL);
                    }
                    if (all.contains("disappear") || all.contains("demolished") || all.contains("removed")) {
                        assertThat(kinds(truth, Change.VANISHED)).isNotEmpty();
                    }
                    if (all.contains("appear in") || all.contains("built") || all.contains("constructed")) {
                        assertThat(kinds(truth, Change.APPEARED).isEmpty()
                                        && truth.changedRoads().isEmpty())
                                .isFalse();
                    }
                    if (kinds(truth, null).size() == 1 && kinds(truth, null).contains(Kind.HOUSE)) {
                        assertThat(all).contains("house");
                    }
                }
            }
        }
    }

    private static List<Kind> kinds(SceneTruth truth, @org.jspecify.annotations.Nullable Change change) {
        return truth.objects().stream()
                .filter(object -> change == null || object.change() == change)
                .map(ChangedObject::kind)
                .distinct()
                .toList();
    }

    private static long countMarked(byte[] mask) {
        long marked = 0;
        for (byte value : mask) {
            marked += value != 0 ? 1 : 0;
        }
        return marked;
    }

    private static double meanDifference(PixelBlock before, PixelBlock after) {
        double sum = 0;
        for (int i = 0; i < before.bytes(1).length; i++) {
            sum += Math.abs((before.bytes(1)[i] & 0xff) - (after.bytes(1)[i] & 0xff));
        }
        return sum / before.bytes(1).length;
    }
}
