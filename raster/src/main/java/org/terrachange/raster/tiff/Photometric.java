package org.terrachange.raster.tiff;

import java.util.ArrayList;
import java.util.List;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.RasterSource.BandRole;

/// What the samples of a pixel show (the PhotometricInterpretation tag; TIFF 6.0, sections 3 to 6, 16 and 21).
enum Photometric {
    GRAY(BandRole.GRAY),
    RGB(BandRole.RED, BandRole.GREEN, BandRole.BLUE),
    PALETTE(BandRole.PALETTE),
    OTHER();

    private final List<BandRole> colours;

    Photometric(BandRole... colours) {
        this.colours = List.of(colours);
    }

    /// @throws RasterException if the samples are colours that need a conversion that is not supported
    static Photometric of(Directory directory, BlockCodec codec) throws RasterException {
        int code = (int) directory.number(Directory.PHOTOMETRIC_INTERPRETATION, 1);
        return switch (code) {
            case 0, 1 -> GRAY;
            case 2 -> RGB;
            case 3 -> PALETTE;
            case 6, 8, 9, 10, 32844, 32845 ->
                throw directory
                        .file()
                        .error("holds " + name(code) + " colours compressed with " + codec.label()
                                + ", which is not supported; convert it to RGB first");
            default -> OTHER;
        };
    }

    private static String name(int code) {
        return switch (code) {
            case 6 -> "YCbCr";
            case 32844, 32845 -> "LogLuv";
            default -> "Lab";
        };
    }

    /// What each of `samples` bands shows.
    ///
    /// @param extraSamples the ExtraSamples tag, which describes the bands after the colours: 1 and 2 mark alpha
    List<BandRole> roles(int samples, List<Long> extraSamples) {
        var roles = new ArrayList<BandRole>();
        int extras = Math.min(extraSamples.size(), samples);
        for (int i = 0; i < samples; i++) {
            if (i < colours.size()) {
                roles.add(samples < colours.size() ? BandRole.UNDEFINED : colours.get(i));
            } else if (i >= samples - extras) {
                long kind = extraSamples.get(i - (samples - extras));
                roles.add(kind == 1 || kind == 2 ? BandRole.ALPHA : BandRole.UNDEFINED);
            } else {
                roles.add(BandRole.UNDEFINED);
            }
        }
        return List.copyOf(roles);
    }
}
