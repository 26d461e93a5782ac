package org.terrachange.raster.tiff;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.terrachange.raster.RasterException;

/// The tags of one image in a TIFF file, with their values read on demand.
final class Directory {
    static final int NEW_SUBFILE_TYPE = 254;
    static final int IMAGE_WIDTH = 256;
    static final int IMAGE_LENGTH = 257;
    static final int BITS_PER_SAMPLE = 258;
    static final int COMPRESSION = 259;
    static final int PHOTOMETRIC_INTERPRETATION = 262;
    static final int FILL_ORDER = 266;
    static final int STRIP_OFFSETS = 273;
    static final int SAMPLES_PER_PIXEL = 277;
    static final int ROWS_PER_STRIP = 278;
    static final int STRIP_BYTE_COUNTS = 279;
    static final int PLANAR_CONFIGURATION = 284;
    static final int PREDICTOR = 317;
    static final int COLOR_MAP = 320;
    static final int TILE_WIDTH = 322;
    static final int TILE_LENGTH = 323;
    static final int TILE_OFFSETS = 324;
    static final int TILE_BYTE_COUNTS = 325;
    static final int EXTRA_SAMPLES = 338;
    static final int SAMPLE_FORMAT = 339;
    static final int JPEG_TABLES = 347;
    static final int MODEL_PIXEL_SCALE = 33550;
    static final int MODEL_TIEPOINT = 33922;
    static final int MODEL_TRANSFORMATION = 34264;
    static final int GEO_KEY_DIRECTORY = 34735;
    static final int GEO_DOUBLE_PARAMS = 34736;
    static final int GEO_ASCII_PARAMS = 34737;
    static final int GDAL_METADATA = 42112;
    static final int GDAL_NODATA = 42113;

    /// Longer lists than any tag that is read whole may have; block tables are read value by value instead.
    private static final int MAX_VALUES = 1 << 20;

    private final TiffFile file;
    private final Map<Integer, Field> fields;

    Directory(TiffFile file, Map<Integer, Field> fields) {
        this.file = file;
        this.fields = Map.copyOf(fields);
    }

    TiffFile file() {
        return file;
    }

    boolean has(int tag) {
        return fields.containsKey(tag);
    }

    /// The number of values of a tag, 0 where the tag is absent.
    long count(int tag) {
        Field field = fields.get(tag);
        return field == null ? 0 : field.count();
    }

    /// The first value of an integer tag, or `fallback` where the tag is absent.
    long number(int tag, long fallback) throws RasterException {
        return count(tag) > 0 ? numberAt(tag, 0) : fallback;
    }

    /// One value of an integer tag.
    ///
    /// @param index from 0 to the number of values, less one
    long numberAt(int tag, long index) throws RasterException {
        Field field = fields.get(tag);
        if (field == null || index >= field.count()) {
            throw file.error("its tag " + tag + " has no value number " + index);
        }
        int bytes = field.type().bytes();
        return integer(field, file.read(field.position() + index * bytes, bytes), 0);
    }

    /// All values of an integer tag, none where the tag is absent.
    List<Long> numbers(int tag) throws RasterException {
        Field field = fields.get(tag);
        if (field == null) {
            return List.of();
        }
        ByteBuffer values = whole(field);
        var numbers = new ArrayList<Long>();
        for (int i = 0; i < field.count(); i++) {
            numbers.add(integer(field, values, i * field.type().bytes()));
        }
        return numbers;
    }

    private long integer(Field field, ByteBuffer values, int at) throws RasterException {
        return switch (field.type()) {
            case BYTE, UNDEFINED -> Byte.toUnsignedInt(values.get(at));
            case SBYTE -> values.get(at);
            case SHORT -> Short.toUnsignedInt(values.getShort(at));
            case SSHORT -> values.getShort(at);
            case LONG, IFD -> Integer.toUnsignedLong(values.getInt(at));
            case SLONG -> values.getInt(at);
            case LONG8, SLONG8, IFD8 -> values.getLong(at);
            case ASCII, RATIONAL, SRATIONAL, FLOAT, DOUBLE ->
                throw file.error("its tag " + field.tag() + " holds " + field.type() + " values instead of integers");
        };
    }

    /// All values of a floating-point tag, none where the tag is absent.
    List<Double> doubles(int tag) throws RasterException {
        Field field = fields.get(tag);
        if (field == null) {
            return List.of();
        }
        ByteBuffer values = whole(field);
        var numbers = new ArrayList<Double>();
        for (int i = 0; i < field.count(); i++) {
            numbers.add(
                    switch (field.type()) {
                        case FLOAT -> (double) values.getFloat(i * 4);
                        case DOUBLE -> values.getDouble(i * 8);
                        case BYTE,
                                ASCII,
                                SHORT,
                                LONG,
                                RATIONAL,
                                SBYTE,
                                UNDEFINED,
                                SSHORT,
                                SLONG,
                                SRATIONAL,
                                IFD,
                                LONG8,
                                SLONG8,
                                IFD8 ->
                            throw file.error("its tag " + tag + " holds " + field.type() + " values instead of DOUBLE");
                    });
        }
        return numbers;
    }

    /// The text of a tag up to its closing NUL, empty where the tag is absent.
    String text(int tag) throws RasterException {
        Field field = fields.get(tag);
        if (field == null) {
            return "";
        }
        if (field.type() != FieldType.ASCII && field.type() != FieldType.BYTE) {
            throw file.error("its tag " + tag + " holds " + field.type() + " values instead of text");
        }
        String text = StandardCharsets.ISO_8859_1.decode(whole(field)).toString();
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }

    /// The values of a tag of single bytes.
    byte[] bytes(int tag) throws RasterException {
        Field field = fields.get(tag);
        if (field == null || field.type().bytes() != 1) {
            throw file.error("its tag " + tag + " holds no bytes");
        }
        return whole(field).array();
    }

    private ByteBuffer whole(Field field) throws RasterException {
        if (field.count() < 0 || field.count() > MAX_VALUES) {
            throw file.error("its tag " + field.tag() + " claims " + field.count() + " values");
        }
        return file.read(field.position(), (int) field.count() * field.type().bytes());
    }
}
