package org.terrachange.data.synthetic;

/// The character of a scene: how often each land use fills a block, and how dense its main roads are.
public enum SceneStyle {
    /// Detached houses along curved streets, with woods and parks between.
    SUBURB(0.66, 0.04, 0.02, 0.12, 0.08, 0.08, 0.8),
    /// Large halls with yards and car parks.
    INDUSTRIAL(0.14, 0.62, 0.06, 0.06, 0.12, 0.0, 0.85),
    /// Fields, woods and a few houses.
    RURAL(0.16, 0.04, 0.5, 0.16, 0.14, 0.0, 0.55),
    /// A town's edge with a little of everything.
    MIXED(0.38, 0.2, 0.14, 0.14, 0.1, 0.04, 0.75);

    private final double[] landUseWeights;
    private final double mainRoadShare;

    SceneStyle(
            double residential,
            double industrial,
            double farmland,
            double woodland,
            double grassland,
            double park,
            double mainRoadShare) {
        landUseWeights = new double[] {residential, industrial, farmland, woodland, grassland, park};
        this.mainRoadShare = mainRoadShare;
    }

    /// The style that a seed stands for where none is asked for.
    public static SceneStyle ofSeed(long seed) {
        return values()[Dice.of(seed, 0x57).weighted(4, 2, 2, 3)];
    }

    LandUse drawLandUse(Dice dice) {
        return LandUse.values()[dice.weighted(landUseWeights)];
    }

    /// The share of block boundaries that carry a main road.
    double mainRoadShare() {
        return mainRoadShare;
    }
}
