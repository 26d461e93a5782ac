package org.terrachange.search.index;

import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalDouble;

/// What a hit must satisfy, whatever its likeness. What a record does not know, such as its place, it does not
/// satisfy.
///
/// @param box the footprint meets it
/// @param from the later image is of this day or after it
/// @param to the earlier image is of this day or before it: the change lies between the dates of its images, so
///     that with `from` this asks for changes that may have happened in that time
/// @param minChangedFraction at least this share of the window changed
/// @param source the pair that it belongs to
public record SearchFilter(
        Optional<GeoBox> box,
        Optional<LocalDate> from,
        Optional<LocalDate> to,
        OptionalDouble minChangedFraction,
        Optional<String> source) {

    /// Lets everything pass.
    public static final SearchFilter NONE = new SearchFilter(
            Optional.empty(), Optional.empty(), Optional.empty(), OptionalDouble.empty(), Optional.empty());

    public SearchFilter {
        if (from.isPresent() && to.isPresent() && from.get().isAfter(to.get())) {
            throw new IllegalArgumentException("no day is from " + from.get() + " and up to " + to.get());
        }
        if (minChangedFraction.isPresent()
                && !(minChangedFraction.getAsDouble() >= 0 && minChangedFraction.getAsDouble() <= 1)) {
            throw new IllegalArgumentException(
                    "the least changed fraction is between 0 and 1, got " + minChangedFraction.getAsDouble());
        }
    }

    public SearchFilter withBox(GeoBox value) {
        return new SearchFilter(Optional.of(value), from, to, minChangedFraction, source);
    }

    public SearchFilter withFrom(LocalDate value) {
        return new SearchFilter(box, Optional.of(value), to, minChangedFraction, source);
    }

    public SearchFilter withTo(LocalDate value) {
        return new SearchFilter(box, from, Optional.of(value), minChangedFraction, source);
    }

    public SearchFilter withMinChangedFraction(double value) {
        return new SearchFilter(box, from, to, OptionalDouble.of(value), source);
    }

    public SearchFilter withSource(String value) {
        return new SearchFilter(box, from, to, minChangedFraction, Optional.of(value));
    }
}
