package org.terrachange.data.pairs;

import java.nio.file.Path;

/// The files of one labelled pair.
///
/// @param name what the three files share, without extension
/// @param before image of the earlier date
/// @param after image of the later date
/// @param label change mask: samples of 128 and more are change, as is every sample above 0 where none exceeds 1
public record LabelledPair(String name, Path before, Path after, Path label) {}
