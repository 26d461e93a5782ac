package org.terrachange.data.captioned;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.terrachange.data.pairs.DatasetException;
import org.terrachange.data.pairs.PairFolder;

/// The data sets that can be read, each from the layout in which it is published.
public enum PublishedLayout {
    /// LEVIR-CC (Liu and others, IEEE TGRS 2022): 256 px, 0.5 m; `LevirCCcaptions.json`, `images/{split}/{A,B}`.
    LEVIR_CC("levir-cc"),
    /// LEVIR-MCI (Liu and others, IEEE TGRS 2024): LEVIR-CC with `images/{split}/label`. The masks speak here; for
    /// the sentences of its annotators read it as LEVIR-CC.
    LEVIR_MCI("levir-mci"),
    /// LEVIR-CD (Chen and Shi, Remote Sensing 2020) and every other set of building masks in its layout:
    /// `{split}/{A,B,label}`, or `{A,B,label}` with `list/{split}.txt`.
    LEVIR_CD("levir-cd"),
    /// WHU-CD (Ji and others, IEEE TGRS 2019), in the layout of LEVIR-CD.
    WHU_CD("whu-cd"),
    /// S2Looking (Shen and others, Remote Sensing 2021): 1024 px, 0.5 to 0.8 m;
    /// `{split}/{Image1,Image2,label1,label2}`.
    S2LOOKING("s2looking"),
    /// xBD (Gupta and others, CVPR workshops 2019): 1024 px; `{split}/{images,labels}`, or `{images,labels}`
    /// with the split `all`.
    XBD("xbd");

    private final String published;

    PublishedLayout(String published) {
        this.published = published;
    }

    /// The name of the data set, as commands take it.
    public String published() {
        return published;
    }

    /// A layout by its data set's name.
    ///
    /// @throws IllegalArgumentException if there is none of that name; the message lists them
    public static PublishedLayout parse(String name) {
        return Arrays.stream(values())
                .filter(layout -> layout.published.equalsIgnoreCase(name.strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("\"" + name + "\" is no known data set; known are "
                        + Arrays.stream(values())
                                .map(PublishedLayout::published)
                                .collect(Collectors.joining(", "))));
    }

    /// The pairs of a split, in a fixed order.
    ///
    /// @param root folder of the data set
    /// @param split such as `train`, `val`, `test`; for xBD also `tier3`, `hold`; `all` for a folder without
    ///     splits
    /// @throws DatasetException if the folder is laid out otherwise, or a file is missing; the message names it
    public List<CaptionedPair> pairs(Path root, String split) throws IOException {
        return switch (this) {
            case LEVIR_CC -> LevirCaptions.pairs(root, split, false);
            case LEVIR_MCI -> LevirCaptions.pairs(root, split, true);
            case LEVIR_CD, WHU_CD ->
                PairFolder.read(root, split).stream()
                        .map(pair -> new CaptionedPair(
                                pair.name(),
                                Scenes.of(pair.name()),
                                pair.before(),
                                pair.after(),
                                new Truth.BuildingMask(pair.label()),
                                OptionalDouble.empty()))
                        .toList();
            case S2LOOKING -> S2Looking.pairs(root, split);
            case XBD -> Xbd.pairs(root, split);
        };
    }
}
