package org.terrachange.data.synthetic;

import java.util.ArrayList;
import java.util.List;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.operation.buffer.BufferOp;
import org.locationtech.jts.operation.union.UnaryUnionOp;
import org.terrachange.data.synthetic.Building.Part;
import org.terrachange.data.synthetic.ChangedObject.Change;
import org.terrachange.data.synthetic.ChangedObject.Kind;
import org.terrachange.data.synthetic.GroundFeature.Layer;
import org.terrachange.data.synthetic.GroundFeature.Stroke;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Window;

/// What changed in a scene, exactly.
///
/// As the annotators of LEVIR-CD did, the mask marks the roof of a building where it is seen in the image of
/// the date on which it stands: displaced by the building's lean and by that image's shift, without visible
/// walls and without shadow, and whole even where a tree hides part of it. A pixel belongs to the roof where
/// its centre does. Season, light, cars, crops, renewed roofs and bare plots are no change.
public final class SceneTruth {
    private final Scene scene;
    private final List<Shape> counted = new ArrayList<>();
    private final List<ChangedObject> objects = new ArrayList<>();
    private final List<Stroke> changedRoads = new ArrayList<>();

    /// Something whose pixels can be told from its own geometry.
    private interface Shape {
        Bounds seen();

        boolean covers(double imageX, double imageY);
    }

    /// Lists the changes of a scene.
    public SceneTruth(Scene scene) {
        this.scene = scene;
        Affine transform = scene.grid().transform().orElseThrow();
        for (Block block : scene.blocks()) {
            for (Building building : block.buildings()) {
                if (building.presence() != Presence.BOTH) {
                    add(kind(building), building.presence(), footprint(building, transform), new Roof(building));
                }
            }
        }
        boolean countRoads = scene.spec().truth() == TruthClasses.BUILDINGS_AND_ROADS;
        for (Block block : scene.blocks()) {
            for (GroundFeature feature : block.ground()) {
                if (feature instanceof Stroke road && road.layer() == Layer.ROAD && road.presence() != Presence.BOTH) {
                    Carriageway shape = new Carriageway(road);
                    if (pixels(shape) > 0) {
                        changedRoads.add(road);
                    }
                    if (countRoads) {
                        add(Kind.ROAD, road.presence(), footprint(road, transform), shape);
                    }
                }
            }
        }
    }

    private void add(Kind kind, Presence presence, Geometry footprint, Shape shape) {
        long pixels = pixels(shape);
        if (pixels > 0) {
            Change change = presence == Presence.AFTER_ONLY ? Change.APPEARED : Change.VANISHED;
            objects.add(new ChangedObject(objects.size() + 1, kind, change, footprint, pixels));
            counted.add(shape);
        }
    }

    private static Kind kind(Building building) {
        return switch (building.kind()) {
            case HOUSE -> Kind.HOUSE;
            case SHED -> Kind.SHED;
            case HALL -> Kind.HALL;
        };
    }

    /// Everything that counts as change and shows in the images.
    public List<ChangedObject> objects() {
        return List.copyOf(objects);
    }

    /// Roads that came or went and show in the images, whether they count or not.
    List<Stroke> changedRoads() {
        return List.copyOf(changedRoads);
    }

    /// A window of the change mask, row by row: 255 where something that counts appeared or vanished, else 0.
    ///
    /// @throws IndexOutOfBoundsException if the window leaves the scene
    public byte[] mask(Window window) {
        SceneSpec spec = scene.spec();
        if (!Window.whole(spec.width(), spec.height()).contains(window)) {
            throw new IndexOutOfBoundsException(
                    "the window " + window + " leaves the scene of " + spec.width() + "x" + spec.height() + " pixels");
        }
        byte[] mask = new byte[Math.toIntExact(window.area())];
        for (Shape shape : counted) {
            visit(
                    shape,
                    window,
                    (column, row) -> mask[(row - window.y()) * window.width() + column - window.x()] = (byte) 255);
        }
        return mask;
    }

    private long pixels(Shape shape) {
        long[] count = {0};
        visit(shape, Window.whole(scene.spec().width(), scene.spec().height()), (_, _) -> count[0]++);
        return count[0];
    }

    @FunctionalInterface
    private interface PixelVisitor {
        void visit(int column, int row);
    }

    private void visit(Shape shape, Window window, PixelVisitor visitor) {
        double metres = scene.spec().metresPerPixel();
        Bounds seen = shape.seen();
        int firstColumn = Math.max(window.x(), (int) Math.floor(seen.west() / metres));
        int lastColumn = Math.min(window.right() - 1, (int) Math.floor(seen.east() / metres));
        int firstRow = Math.max(window.y(), (int) Math.floor(seen.north() / metres));
        int lastRow = Math.min(window.bottom() - 1, (int) Math.floor(seen.south() / metres));
        for (int row = firstRow; row <= lastRow; row++) {
            for (int column = firstColumn; column <= lastColumn; column++) {
                if (shape.covers((column + 0.5) * metres, (row + 0.5) * metres)) {
                    visitor.visit(column, row);
                }
            }
        }
    }

    private Acquisition imageOf(Presence presence) {
        return scene.acquisition(presence == Presence.BEFORE_ONLY ? Epoch.BEFORE : Epoch.AFTER);
    }

    private final class Roof implements Shape {
        private final Building building;
        private final Acquisition image;

        Roof(Building building) {
            this.building = building;
            image = imageOf(building.presence());
        }

        @Override
        public Bounds seen() {
            double reach = building.top() * Polyline.length(image.leanEast(), image.leanSouth())
                    + Polyline.length(image.shiftEast(), image.shiftSouth());
            return building.bounds().grown(reach);
        }

        @Override
        public boolean covers(double imageX, double imageY) {
            for (Part part : building.parts()) {
                double x = imageX - image.shiftEast() - part.eaves() * image.leanEast();
                double y = imageY - image.shiftSouth() - part.eaves() * image.leanSouth();
                if (part.box().contains(x, y)) {
                    return true;
                }
            }
            return false;
        }
    }

    private final class Carriageway implements Shape {
        private final Stroke road;
        private final Acquisition image;

        Carriageway(Stroke road) {
            this.road = road;
            image = imageOf(road.presence());
        }

        @Override
        public Bounds seen() {
            return road.bounds().grown(Polyline.length(image.shiftEast(), image.shiftSouth()));
        }

        @Override
        public boolean covers(double imageX, double imageY) {
            return road.line().distance(imageX - image.shiftEast(), imageY - image.shiftSouth()) <= road.halfWidth();
        }
    }

    private Geometry footprint(Building building, Affine transform) {
        GeometryFactory factory = new GeometryFactory();
        List<Geometry> parts = new ArrayList<>();
        for (Part part : building.parts()) {
            Ring ring = part.box().ring();
            Coordinate[] corners = new Coordinate[ring.size() + 1];
            for (int i = 0; i <= ring.size(); i++) {
                corners[i] = ground(ring.x(i % ring.size()), ring.y(i % ring.size()), transform);
            }
            parts.add(factory.createPolygon(corners));
        }
        return UnaryUnionOp.union(parts);
    }

    private Geometry footprint(Stroke road, Affine transform) {
        Coordinate[] points = new Coordinate[road.line().size()];
        for (int i = 0; i < points.length; i++) {
            points[i] = ground(road.line().x(i), road.line().y(i), transform);
        }
        return BufferOp.bufferOp(new GeometryFactory().createLineString(points), road.halfWidth());
    }

    private Coordinate ground(double x, double y, Affine transform) {
        double metres = scene.spec().metresPerPixel();
        return new Coordinate(transform.x(x / metres, y / metres), transform.y(x / metres, y / metres));
    }
}
