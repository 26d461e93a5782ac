package org.terrachange.raster;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// GDAL as an oracle: its Python binding reads files whole and says what is in them.
public final class Gdal {
    private static final Path PYTHON = Path.of("/usr/bin/python3");

    private static final String DESCRIBE = """
            import sys, zlib
            from osgeo import gdal
            gdal.UseExceptions()
            gdal.PushErrorHandler('CPLQuietErrorHandler')
            for name in sys.argv[1:]:
                try:
                    d = gdal.OpenEx(name, gdal.OF_RASTER, allowed_drivers=['GTiff', 'PNG', 'JPEG', 'JP2OpenJPEG', 'VRT', 'WEBP', 'BMP'])
                    b = d.GetRasterBand(1)
                    kind = gdal.GetDataTypeName(b.DataType)
                    if b.GetMetadataItem('PIXELTYPE', 'IMAGE_STRUCTURE') == 'SIGNEDBYTE':
                        kind = 'Int8'
                    block = b.GetBlockSize()
                    nodata = b.GetNoDataValue()
                    t = d.GetGeoTransform(can_return_null=True)
                    sums = []
                    for i in range(d.RasterCount):
                        sums.append(format(zlib.crc32(d.GetRasterBand(i + 1).ReadAsArray().tobytes()), 'x'))
                    roles = [gdal.GetColorInterpretationName(d.GetRasterBand(i + 1).GetColorInterpretation())
                             for i in range(d.RasterCount)]
                    print('\\t'.join([name, str(d.RasterXSize), str(d.RasterYSize), kind, str(block[0]), str(block[1]),
                        d.GetMetadataItem('INTERLEAVE', 'IMAGE_STRUCTURE') or 'BAND',
                        d.GetMetadataItem('COMPRESSION', 'IMAGE_STRUCTURE') or 'none',
                        '' if nodata is None else repr(nodata),
                        '' if t is None else ' '.join(map(repr, t)),
                        'crs' if d.GetSpatialRef() else '',
                        ' '.join(roles), ' '.join(sums)]))
                except Exception as e:
                    print(name + '\\tERROR\\t' + str(e).replace('\\n', ' ').replace('\\t', ' '))
            """;

    private Gdal() {}

    /// What GDAL says of a file.
    ///
    /// @param nodata as Python prints the number, empty where there is none
    /// @param transform GDAL's six coefficients, empty where there are none
    /// @param checksums CRC-32 of the little-endian samples of each band
    public record Description(
            int width,
            int height,
            String type,
            int blockWidth,
            int blockHeight,
            String interleave,
            String compression,
            String nodata,
            List<Double> transform,
            boolean crs,
            List<String> roles,
            List<String> checksums) {}

    /// Describes many files at once; those that GDAL cannot read are missing from the answer.
    public static Map<Path, Description> describe(List<Path> files) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("-c", DESCRIBE));
        files.forEach(file -> command.add(file.toString()));
        var answers = new HashMap<Path, Description>();
        for (String line : python(command)) {
            String[] f = line.split("\t", -1);
            if (f.length < 13) {
                continue;
            }
            answers.put(
                    Path.of(f[0]),
                    new Description(
                            Integer.parseInt(f[1]),
                            Integer.parseInt(f[2]),
                            f[3],
                            Integer.parseInt(f[4]),
                            Integer.parseInt(f[5]),
                            f[6],
                            f[7],
                            f[8],
                            words(f[9]).stream().map(Double::valueOf).toList(),
                            !f[10].isEmpty(),
                            words(f[11]),
                            words(f[12])));
        }
        return answers;
    }

    /// Runs a Python program that uses GDAL and returns the lines it prints; the test is skipped where there is no
    /// GDAL.
    public static List<String> python(List<String> arguments) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(PYTHON), "skipped: " + PYTHON + " is absent, so GDAL cannot be asked");
        assumeTrue(
                run(List.of("-c", "import osgeo.gdal, numpy")).isPresent(), "skipped: GDAL's Python binding is absent");
        return run(arguments).orElseThrow(() -> new AssertionError("the GDAL program failed"));
    }

    private static java.util.Optional<List<String>> run(List<String> arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(PYTHON.toString()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> lines = process.inputReader().readAllLines();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        return ended && process.exitValue() == 0 ? java.util.Optional.of(lines) : java.util.Optional.empty();
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }
}
