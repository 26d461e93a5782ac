package org.terrachange.raster.gdal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.terrachange.raster.Palette;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.RasterSource.BandRole;
import org.terrachange.raster.RasterSource.Storage;
import org.terrachange.raster.SampleType;

/// What GDAL says of bands of one size that belong together: those of an image, of its mask or of a reduced copy.
///
/// @param handles the bands
/// @param width columns
/// @param height rows
/// @param type the narrowest type that holds the samples of every band
/// @param code that type as GDAL numbers it
/// @param roles what each band shows
/// @param storage how the first band is stored
/// @param nodata that of the first band
/// @param palette the colours of the first band that has the role of a palette
/// @param mask the band that masks all of these, where the image has one
/// @param overviews the reduced copies
record GdalBands(
        List<MemorySegment> handles,
        int width,
        int height,
        SampleType type,
        int code,
        List<BandRole> roles,
        Storage storage,
        OptionalDouble nodata,
        Optional<Palette> palette,
        Optional<MemorySegment> mask,
        List<Overview> overviews) {
    private static final int FLOAT32 = 6;
    private static final long MOST_BLOCK_BYTES = 1L << 30;
    private static final int MOST_COLOURS = 1 << 16;

    private static final int MASK_ALL_VALID = 1;
    private static final int MASK_OF_ALL_BANDS = 2;
    private static final int MASK_ALPHA = 4;
    private static final int MASK_NODATA = 8;

    /// A reduced copy.
    ///
    /// @param handles its bands, in the order of the full ones
    /// @param width columns
    /// @param height rows
    record Overview(List<MemorySegment> handles, int width, int height) {}

    /// @param handles at least one band, all of one size
    /// @throws RasterException if the samples are no real numbers, or lie in blocks too large for memory
    static GdalBands of(GdalDataset dataset, List<MemorySegment> handles) throws RasterException {
        return dataset.use((gdal, image, arena) -> new Inquiry(dataset, gdal, image, arena, handles).answer());
    }

    /// The questions, asked while the data set is in use.
    private record Inquiry(
            GdalDataset dataset, GdalFunctions gdal, MemorySegment image, Arena arena, List<MemorySegment> handles) {

        GdalBands answer() throws RasterException {
            int code = code();
            SampleType type = type(code);
            List<BandRole> roles = handles.stream().map(this::role).toList();
            List<Overview> overviews = overviews();
            return new GdalBands(
                    handles,
                    gdal.bandWidth(first()),
                    gdal.bandHeight(first()),
                    type,
                    code,
                    roles,
                    storage(type, overviews.size()),
                    nodata(type),
                    palette(roles),
                    mask(),
                    overviews);
        }

        private MemorySegment first() {
            return handles.getFirst();
        }

        private int code() {
            int code = gdal.dataType(first());
            for (MemorySegment band : handles) {
                code = gdal.dataTypeUnion(code, gdal.dataType(band));
            }
            // Java has no arrays of half floats.
            return typeName(code).equals("Float16") ? FLOAT32 : code;
        }

        private String typeName(int code) {
            return CStrings.text(gdal.dataTypeName(code)).orElse("of a type without a name");
        }

        private SampleType type(int code) throws RasterException {
            String name = typeName(code);
            return switch (name) {
                // Before GDAL 3.7 signed bytes were a remark on unsigned ones.
                case "Byte" ->
                    handles.stream()
                                    .allMatch(
                                            band -> structure(band, "PIXELTYPE").equals("SIGNEDBYTE"))
                            ? SampleType.INT8
                            : SampleType.UINT8;
                case "Int8" -> SampleType.INT8;
                case "UInt16" -> SampleType.UINT16;
                case "Int16" -> SampleType.INT16;
                case "UInt32" -> SampleType.UINT32;
                case "Int32" -> SampleType.INT32;
                case "UInt64" -> SampleType.UINT64;
                case "Int64" -> SampleType.INT64;
                case "Float32" -> SampleType.FLOAT32;
                case "Float64" -> SampleType.FLOAT64;
                default ->
                    throw dataset.error("has samples of type " + name + "; only real numbers can be read, so extract"
                            + " the part that is wanted into a GeoTIFF first");
            };
        }

        private BandRole role(MemorySegment band) {
            return switch (gdal.colourInterpretation(band)) {
                case 1 -> BandRole.GRAY;
                case 2 -> BandRole.PALETTE;
                case 3 -> BandRole.RED;
                case 4 -> BandRole.GREEN;
                case 5 -> BandRole.BLUE;
                case 6 -> BandRole.ALPHA;
                default -> BandRole.UNDEFINED;
            };
        }

        private Storage storage(SampleType type, int overviews) throws RasterException {
            MemorySegment size = arena.allocate(ValueLayout.JAVA_INT, 2);
            gdal.blockSize(first(), size, size.asSlice(Integer.BYTES));
            int width = size.getAtIndex(ValueLayout.JAVA_INT, 0);
            int height = size.getAtIndex(ValueLayout.JAVA_INT, 1);
            double bytes = (double) width * height * type.bytes() * handles.size();
            if (width < 1 || height < 1 || bytes > MOST_BLOCK_BYTES) {
                throw dataset.error("is stored in blocks of " + width + " x " + height + " pixels and "
                        + handles.size() + " bands, which are too large to read; convert it to a tiled GeoTIFF, for"
                        + " example with gdal_translate -co TILED=YES");
            }
            String layout = width < gdal.bandWidth(first()) ? "tile" : height > 1 ? "strip" : "scanline";
            String interleave = structure(image, "INTERLEAVE").toLowerCase(Locale.ROOT);
            // Where nothing is said, each block may hold all bands.
            boolean byPixel = handles.size() > 1 && (interleave.isEmpty() || interleave.equals("pixel"));
            return new Storage(
                    dataset.driver(), compression(), layout, width, height, byPixel ? "pixel" : "band", overviews);
        }

        private String compression() {
            String stated = structure(image, "COMPRESSION");
            if (stated.isEmpty()) {
                stated = structure(first(), "COMPRESSION");
            }
            return !stated.isEmpty() ? stated : dataset.driver().equals("GTiff") ? "none" : "unstated";
        }

        private String structure(MemorySegment object, String key) {
            return CStrings.text(
                            gdal.metadataItem(object, CStrings.of(arena, key), CStrings.of(arena, "IMAGE_STRUCTURE")))
                    .orElse("");
        }

        private OptionalDouble nodata(SampleType type) {
            MemorySegment present = arena.allocate(ValueLayout.JAVA_INT);
            double value = switch (typeName(gdal.dataType(first()))) {
                case "Int64" -> gdal.nodataInt64(first(), present);
                case "UInt64" -> {
                    long bits = gdal.nodataUint64(first(), present);
                    yield bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
                }
                default -> gdal.nodata(first(), present);
            };
            if (present.get(ValueLayout.JAVA_INT, 0) == 0) {
                return OptionalDouble.empty();
            }
            return OptionalDouble.of(type == SampleType.FLOAT32 ? (float) value : value);
        }

        private Optional<Palette> palette(List<BandRole> roles) {
            int band = roles.indexOf(BandRole.PALETTE);
            MemorySegment table = band < 0 ? MemorySegment.NULL : gdal.colourTable(handles.get(band));
            if (table.address() == 0) {
                return Optional.empty();
            }
            MemorySegment colour = arena.allocate(ValueLayout.JAVA_SHORT, 4);
            int[] argb = IntStream.range(0, Math.min(gdal.colourCount(table), MOST_COLOURS))
                    .map(index -> gdal.colour(table, index, colour) == 0
                            ? 0
                            : part(colour, 3) << 24 | part(colour, 0) << 16 | part(colour, 1) << 8 | part(colour, 2))
                    .toArray();
            return Optional.of(new Palette(argb));
        }

        private static int part(MemorySegment colour, int index) {
            return colour.getAtIndex(ValueLayout.JAVA_SHORT, index) & 0xff;
        }

        /// A mask that only repeats a nodata value or an alpha band is none.
        private Optional<MemorySegment> mask() {
            int flags = gdal.maskFlags(first());
            boolean nodata = (flags & MASK_NODATA) != 0 && (flags & MASK_OF_ALL_BANDS) == 0;
            if ((flags & (MASK_ALL_VALID | MASK_ALPHA)) != 0 || nodata) {
                return Optional.empty();
            }
            return Optional.of(gdal.mask(first())).filter(mask -> mask.address() != 0);
        }

        /// Those that every band has.
        private List<Overview> overviews() {
            var overviews = new ArrayList<Overview>();
            for (int i = 0; i < gdal.overviews(first()); i++) {
                int index = i;
                List<MemorySegment> bands = handles.stream()
                        .map(band -> index < gdal.overviews(band) ? gdal.overview(band, index) : MemorySegment.NULL)
                        .toList();
                if (bands.stream().anyMatch(band -> band.address() == 0)) {
                    continue;
                }
                int width = gdal.bandWidth(bands.getFirst());
                int height = gdal.bandHeight(bands.getFirst());
                if (bands.stream().allMatch(b -> gdal.bandWidth(b) == width && gdal.bandHeight(b) == height)) {
                    overviews.add(new Overview(bands, width, height));
                }
            }
            return overviews;
        }
    }
}
