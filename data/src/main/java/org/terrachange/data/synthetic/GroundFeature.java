package org.terrachange.data.synthetic;

/// Something flat on the ground.
sealed interface GroundFeature {

    Layer layer();

    Surface surface();

    Presence presence();

    Bounds bounds();

    /// The order of painting: later layers cover earlier ones over the whole scene, so that crossing roads merge.
    enum Layer {
        COVER,
        PARCEL,
        DETAIL,
        TRACK,
        BANK,
        WATER,
        PAVEMENT,
        VERGE,
        KERB,
        DRIVE,
        ROAD,
        MARKING
    }

    /// A filled polygon.
    record Patch(Layer layer, Surface surface, Presence presence, Ring ring) implements GroundFeature {
        @Override
        public Bounds bounds() {
            return ring.bounds();
        }
    }

    /// A line of some width, with round ends.
    ///
    /// @param halfWidth metres to either side
    /// @param opacity 1 for roads; less for worn tracks and paint
    record Stroke(Layer layer, Surface surface, Presence presence, Polyline line, double halfWidth, double opacity)
            implements GroundFeature {
        @Override
        public Bounds bounds() {
            return line.bounds().grown(halfWidth);
        }
    }
}
