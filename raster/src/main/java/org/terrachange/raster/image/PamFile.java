package org.terrachange.raster.image;

import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.RasterSource.BandRole;
import org.terrachange.raster.UnsupportedFormatException;

/// What GDAL has written down beside an image, in the file `scene.tif.aux.xml` (its Persistent Auxiliary Metadata).
/// As for GDAL it comes before what the image itself says.
///
/// @param transform the map from pixel corners to ground coordinates
/// @param crs the coordinate reference system
/// @param nodata the text of the value that marks missing pixels, by zero-based band
/// @param roles what the bands show, by zero-based band
public record PamFile(
        Optional<Affine> transform, Optional<Crs> crs, Map<Integer, String> nodata, Map<Integer, BandRole> roles) {

    /// Histograms and attribute tables are a few megabytes at the most.
    private static final long MAX_BYTES = 16L << 20;

    private static final int MAX_BANDS = 1 << 16;

    /// The code of the whole definition is the last thing in it, in WKT 1 and in WKT 2.
    private static final Pattern EPSG =
            Pattern.compile("(?:^EPSG:|(?:AUTHORITY\\[\"EPSG\",\"?|ID\\[\"EPSG\",))(\\d{1,9})(?:\"?]\\s*])?\\s*$");

    /// No such file.
    public static final PamFile NONE = new PamFile(Optional.empty(), Optional.empty(), Map.of(), Map.of());

    public PamFile {
        nodata = Map.copyOf(nodata);
        roles = Map.copyOf(roles);
    }

    /// Reads the file beside an image.
    ///
    /// @return [#NONE] where there is no such file
    /// @throws UnsupportedFormatException if its CRS has no EPSG code
    /// @throws RasterException if it cannot be read or is damaged
    public static PamFile beside(Path image) throws RasterException {
        Path file = image.resolveSibling(image.getFileName() + ".aux.xml");
        if (!Files.isRegularFile(file)) {
            return NONE;
        }
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new RasterException(file, "is too large for the auxiliary file of an image");
            }
            var factory = XMLInputFactory.newDefaultFactory();
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
            // Decoded here, since the parser prints on standard error what is no UTF-8.
            try (var in = new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8)) {
                return new Reader(file, factory.createXMLStreamReader(in)).read();
            }
        } catch (RasterException e) {
            throw e;
        } catch (IOException e) {
            throw new RasterException(file, "cannot be read (" + e + ")", e);
        } catch (XMLStreamException | IllegalArgumentException e) {
            throw new RasterException(
                    file, "is damaged; delete it to read the image without it (" + e.getMessage() + ")", e);
        }
    }

    /// The role that GDAL calls by this name; `UNDEFINED` for those that have no counterpart.
    public static BandRole role(String gdalName) {
        return switch (gdalName.strip().toLowerCase(Locale.ROOT)) {
            case "gray" -> BandRole.GRAY;
            case "red" -> BandRole.RED;
            case "green" -> BandRole.GREEN;
            case "blue" -> BandRole.BLUE;
            case "alpha" -> BandRole.ALPHA;
            case "palette" -> BandRole.PALETTE;
            default -> BandRole.UNDEFINED;
        };
    }

    /// Collects the few elements that matter: children of the root and of its bands, never those of other
    /// elements, which may have the same names.
    private static final class Reader {
        private final Path file;
        private final XMLStreamReader xml;
        private final Map<Integer, String> nodata = new HashMap<>();
        private final Map<Integer, BandRole> roles = new HashMap<>();
        private Optional<Affine> transform = Optional.empty();
        private Optional<Crs> crs = Optional.empty();

        Reader(Path file, XMLStreamReader xml) {
            this.file = file;
            this.xml = xml;
        }

        PamFile read() throws XMLStreamException, RasterException {
            int depth = 0;
            int band = -1;
            while (xml.hasNext()) {
                int event = xml.next();
                if (event == XMLStreamConstants.END_ELEMENT) {
                    depth--;
                } else if (event == XMLStreamConstants.START_ELEMENT) {
                    depth++;
                    String name = xml.getLocalName();
                    if (depth == 1 && !name.equals("PAMDataset")) {
                        return NONE;
                    }
                    if (depth == 2 && name.equals("PAMRasterBand")) {
                        band = band();
                    } else if (depth == 2 && (name.equals("SRS") || name.equals("GeoTransform"))) {
                        String text = xml.getElementText().strip();
                        depth--;
                        if (name.equals("SRS")) {
                            crs = crs(text);
                        } else {
                            transform = Optional.of(transform(text));
                        }
                    } else if (depth == 3 && band >= 0 && (name.equals("NoDataValue") || name.equals("ColorInterp"))) {
                        String text = xml.getElementText().strip();
                        depth--;
                        if (name.equals("NoDataValue")) {
                            nodata.put(band, text);
                        } else {
                            roles.put(band, role(text));
                        }
                    } else if (depth == 2) {
                        band = -1;
                    }
                }
            }
            return new PamFile(transform, crs, nodata, roles);
        }

        private int band() {
            String number = xml.getAttributeValue(null, "band");
            int band = number == null ? 0 : Integer.parseInt(number);
            if (band < 1 || band > MAX_BANDS) {
                throw new IllegalArgumentException("there is no band number " + number);
            }
            return band - 1;
        }

        private Affine transform(String text) {
            double[] numbers = Arrays.stream(text.split(","))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            if (numbers.length != 6 || !Arrays.stream(numbers).allMatch(Double::isFinite)) {
                throw new IllegalArgumentException("its GeoTransform is not six numbers: " + text);
            }
            return Affine.ofGdal(numbers);
        }

        private Optional<Crs> crs(String text) throws RasterException {
            if (text.isEmpty()) {
                return Optional.empty();
            }
            Matcher epsg = EPSG.matcher(text);
            try {
                if (epsg.find()) {
                    return Optional.of(Crs.ofEpsg(Integer.parseInt(epsg.group(1))));
                }
            } catch (IllegalArgumentException _) {
                // Refused like one without a code.
            }
            throw new UnsupportedFormatException(
                    file,
                    "gives the image a coordinate reference system without a known EPSG code, which TerraChange does "
                            + "not read by itself");
        }
    }
}
