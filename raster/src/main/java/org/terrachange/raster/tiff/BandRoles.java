package org.terrachange.raster.tiff;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.RasterSource.BandRole;
import org.terrachange.raster.image.PamFile;

/// Finds out what each band of an image shows: from its photometric interpretation and extra samples (TIFF 6.0,
/// sections 3 to 6 and 18), and from the colours that GDAL writes down for bands that TIFF has no word for.
final class BandRoles {
    private static final int ASSOCIATED_ALPHA = 1;
    private static final int UNASSOCIATED_ALPHA = 2;

    private BandRoles() {}

    /// The roles of the `samples` bands of a directory.
    ///
    /// @param beside roles that a file beside the image states, which come first
    /// @throws RasterException if the samples are colours that would need a conversion that is not supported
    static List<BandRole> of(Directory directory, int samples, BlockCodec codec, Map<Integer, BandRole> beside)
            throws RasterException {
        List<BandRole> colours = colours(directory, codec);
        List<Long> extras = directory.numbers(Directory.EXTRA_SAMPLES);
        int firstExtra = Math.max(colours.size(), samples - extras.size());
        Map<Integer, BandRole> named = namedByGdal(directory);
        var roles = new ArrayList<BandRole>();
        for (int band = 0; band < samples; band++) {
            BandRole role = BandRole.UNDEFINED;
            if (band < colours.size() && colours.size() <= samples) {
                role = colours.get(band);
            } else if (band >= firstExtra) {
                long kind = extras.get(extras.size() - samples + band);
                role = kind == ASSOCIATED_ALPHA || kind == UNASSOCIATED_ALPHA ? BandRole.ALPHA : BandRole.UNDEFINED;
            }
            roles.add(beside.getOrDefault(band, named.getOrDefault(band, role)));
        }
        return List.copyOf(roles);
    }

    private static List<BandRole> colours(Directory directory, BlockCodec codec) throws RasterException {
        int photometric = (int) directory.number(Directory.PHOTOMETRIC_INTERPRETATION, 1);
        return switch (photometric) {
            case 0, 1 -> List.of(BandRole.GRAY);
            case 2 -> List.of(BandRole.RED, BandRole.GREEN, BandRole.BLUE);
            case 3 -> List.of(BandRole.PALETTE);
            case 5 -> throw unsupported(directory, "CMYK");
            case 6 -> {
                if (!(codec instanceof Jpeg)) {
                    throw unsupported(directory, "YCbCr");
                }
                yield List.of(BandRole.RED, BandRole.GREEN, BandRole.BLUE);
            }
            case 8, 9, 10 -> throw unsupported(directory, "Lab");
            case 32844, 32845 -> throw unsupported(directory, "LogLuv");
            default -> List.of();
        };
    }

    private static RasterException unsupported(Directory directory, String colours) {
        return directory.file().unsupported("holds " + colours + " colours");
    }

    /// The roles in GDAL's metadata, such as `<Item name="COLORINTERP" sample="2" role="colorinterp">Red</Item>`.
    ///
    /// They only refine what the tags say, so metadata that are no XML are passed over, as GDAL does.
    private static Map<Integer, BandRole> namedByGdal(Directory directory) throws RasterException {
        String metadata = directory.text(Directory.GDAL_METADATA).strip();
        var roles = new HashMap<Integer, BandRole>();
        if (metadata.isEmpty()) {
            return roles;
        }
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try {
            XMLStreamReader xml = factory.createXMLStreamReader(new StringReader(metadata));
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT
                        && "colorinterp".equals(xml.getAttributeValue(null, "role"))) {
                    int band = Integer.parseInt(xml.getAttributeValue(null, "sample"));
                    roles.put(band, PamFile.role(xml.getElementText()));
                }
            }
            return roles;
        } catch (XMLStreamException | NumberFormatException _) {
            return Map.of();
        }
    }
}
