package org.terrachange.raster.rgb;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.terrachange.raster.Grid;
import org.terrachange.raster.Palette;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.RasterSource.BandRole;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.Window;

/// The colours of a raster, on its own grid and in its own number range.
///
/// A pixel is missing where the file's mask or alpha band is 0, where all chosen bands hold the nodata value,
/// or where one of them is not a finite number. Palette indices become the colours that they stand for.
public final class RasterColours implements ColourSource {
    private final RasterSource source;
    private final OptionalDouble nodata;
    private final int[] bands;
    private final OptionalInt alpha;
    private final Optional<Palette> palette;
    private final Optional<RasterSource> mask;

    /// @param source stays open for as long as the colours are read, and is closed by whoever opened it
    /// @param nodata the value of missing pixels, in place of the one that the file names
    /// @throws RasterException if the image lacks a chosen band, or has none that shows the ground
    public RasterColours(RasterSource source, BandChoice choice, OptionalDouble nodata) throws RasterException {
        this(source, choice.of(source), nodata.isPresent() ? held(nodata, source) : source.nodata());
    }

    private RasterColours(RasterSource source, int[] bands, OptionalDouble nodata) throws RasterException {
        this(
                source,
                bands,
                IntStream.range(0, source.bands())
                        .filter(band -> source.role(band) == BandRole.ALPHA)
                        .filter(band -> Arrays.stream(bands).noneMatch(chosen -> chosen == band))
                        .findFirst(),
                source.role(bands[0]) == BandRole.PALETTE ? source.palette() : Optional.empty(),
                nodata);
    }

    private RasterColours(
            RasterSource source, int[] bands, OptionalInt alpha, Optional<Palette> palette, OptionalDouble nodata)
            throws RasterException {
        this.source = source;
        this.bands = bands;
        this.alpha = alpha;
        this.palette = palette;
        this.nodata = nodata;
        mask = source.mask();
    }

    /// The value as pixels of the image can hold it: people write -3.4028235e38 for the lowest float.
    private static OptionalDouble held(OptionalDouble nodata, RasterSource source) {
        return source.type() == SampleType.FLOAT32 ? OptionalDouble.of((float) nodata.getAsDouble()) : nodata;
    }

    /// The colours of a raster by the roles that its file states.
    ///
    /// @throws RasterException if it has no band that shows the ground
    public static RasterColours of(RasterSource source) throws RasterException {
        return new RasterColours(source, BandChoice.BY_ROLE, OptionalDouble.empty());
    }

    @Override
    public Grid grid() {
        return source.grid();
    }

    @Override
    public boolean isEightBit() {
        return source.type() == SampleType.UINT8 || palette.isPresent();
    }

    @Override
    public ColourSource reduced(double factor) throws RasterException {
        // Entries of a palette have no mean, so reduced copies of them are of no use.
        RasterSource overview = palette.isPresent() ? source : source.overview(factor);
        // Which band is which stands in the tables of the image itself; those of its overviews may not repeat it.
        return overview == source ? this : new RasterColours(overview, bands, alpha, palette, nodata);
    }

    @Override
    public ColourBlock read(Window window) throws RasterException {
        int[] distinct = IntStream.concat(Arrays.stream(bands), alpha.stream())
                .distinct()
                .toArray();
        PixelBlock block = source.read(window, distinct);
        int area = Math.toIntExact(window.area());
        float[][] planes = new float[3][];
        boolean[] missing = new boolean[area];
        if (palette.isPresent()) {
            expand(block, palette.get(), planes, missing, area);
        } else {
            float[][] samples = new float[distinct.length][];
            for (int i = 0; i < 3; i++) {
                int at = position(distinct, bands[i]);
                if (samples[at] == null) {
                    samples[at] = floats(block, at, area);
                }
                planes[i] = samples[at];
            }
            markNodata(block, distinct, missing);
            markUnusable(samples, missing);
        }
        if (alpha.isPresent()) {
            markZero(block, position(distinct, alpha.getAsInt()), missing);
        }
        if (mask.isPresent()) {
            markZero(mask.get().read(window, 0), 0, missing);
        }
        return new ColourBlock(window, planes, missing);
    }

    private static int position(int[] distinct, int band) {
        for (int i = 0; i < distinct.length; i++) {
            if (distinct[i] == band) {
                return i;
            }
        }
        throw new IllegalStateException("band " + band + " was not read");
    }

    private void expand(PixelBlock block, Palette colours, float[][] planes, boolean[] missing, int area) {
        for (int plane = 0; plane < 3; plane++) {
            planes[plane] = new float[area];
        }
        for (int i = 0; i < area; i++) {
            double index = block.value(0, i);
            int argb = colours.argb((int) index);
            planes[0][i] = argb >> 16 & 0xff;
            planes[1][i] = argb >> 8 & 0xff;
            planes[2][i] = argb & 0xff;
            missing[i] = argb >>> 24 == 0 || (nodata.isPresent() && index == nodata.getAsDouble());
        }
    }

    private static float[] floats(PixelBlock block, int band, int area) {
        if (block.type() == SampleType.FLOAT32) {
            return block.floats(band);
        }
        float[] values = new float[area];
        switch (block.type()) {
            case UINT8 -> {
                byte[] samples = block.bytes(band);
                for (int i = 0; i < area; i++) {
                    values[i] = samples[i] & 0xff;
                }
            }
            case UINT16 -> {
                short[] samples = block.shorts(band);
                for (int i = 0; i < area; i++) {
                    values[i] = samples[i] & 0xffff;
                }
            }
            case INT8, INT16, UINT32, INT32, UINT64, INT64, FLOAT32, FLOAT64 -> {
                for (int i = 0; i < area; i++) {
                    values[i] = (float) block.value(band, i);
                }
            }
        }
        return values;
    }

    private void markNodata(PixelBlock block, int[] distinct, boolean[] missing) {
        // NaN as nodata needs no comparison: such pixels are unusable anyway.
        if (nodata.isEmpty() || Double.isNaN(nodata.getAsDouble())) {
            return;
        }
        double none = nodata.getAsDouble();
        int[] at = Arrays.stream(bands)
                .distinct()
                .map(band -> position(distinct, band))
                .toArray();
        for (int i = 0; i < missing.length; i++) {
            boolean empty = true;
            for (int band : at) {
                empty = empty && block.value(band, i) == none;
            }
            missing[i] |= empty;
        }
    }

    private static void markUnusable(float[][] samples, boolean[] missing) {
        for (float[] plane : samples) {
            if (plane != null) {
                for (int i = 0; i < missing.length; i++) {
                    if (!Float.isFinite(plane[i])) {
                        missing[i] = true;
                        plane[i] = 0;
                    }
                }
            }
        }
    }

    private static void markZero(PixelBlock opacity, int band, boolean[] missing) {
        for (int i = 0; i < missing.length; i++) {
            missing[i] |= opacity.value(band, i) == 0;
        }
    }
}
