package org.terrachange.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.terrachange.detect.model.Calibration;
import org.terrachange.detect.model.ModelCard;
import org.terrachange.detect.model.ModelWeights;
import org.terrachange.nn.checkpoint.HostTensor;
import org.terrachange.nn.checkpoint.SafetensorsFile;
import org.terrachange.nn.checkpoint.StateDict;
import org.terrachange.nn.layer.TrainableConvs;
import org.terrachange.nn.model.ChangeLayout;
import org.terrachange.nn.tensor.ImageNormalization;
import org.terrachange.nn.tensor.Parameters;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.Grid;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.cog.CogOptions;
import org.terrachange.raster.cog.CogWriter;
import org.terrachange.raster.cog.ColourTable;

/// Writes small inputs, good and bad.
final class Fixtures {
    private Fixtures() {}

    /// An untrained detector of the layout `terrachange-lite`; its answers mean nothing.
    static Path randomModel(Path file) throws IOException {
        try (Parameters parameters = new Parameters()) {
            ChangeLayout.TERRACHANGE_LITE.build(new TrainableConvs(parameters));
            parameters.allocate(5);
            ModelWeights.write(file, parameters, card());
        }
        return file;
    }

    private static ModelCard card() {
        return new ModelCard(
                "random",
                ChangeLayout.TERRACHANGE_LITE,
                ImageNormalization.IMAGENET,
                0.5,
                Calibration.NONE,
                0.3,
                1.0,
                "none",
                "free",
                Map.of("val.f1", "0.0"));
    }

    /// A checkpoint that says it is a detector and holds another network.
    static Path otherNetwork(Path file) throws IOException {
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        tensors.put("fc.weight", HostTensor.ofFloats(new float[] {1, 2, 3, 4}, 2, 2));
        SafetensorsFile.write(file, StateDict.of(tensors, card().toMetadata()));
        return file;
    }

    /// A checkpoint whose pickle asks the reader to run a shell command that creates `trace`.
    static Path hostilePickle(Path file, Path trace) throws IOException {
        String pickle = "cposix\nsystem\n(S'touch " + trace + "'\ntR.";
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            stored(zip, "archive/data.pkl", pickle.getBytes(StandardCharsets.US_ASCII));
            stored(zip, "archive/version", "3\n".getBytes(StandardCharsets.US_ASCII));
        }
        return file;
    }

    private static void stored(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    /// A picture of noise.
    static Path png(Path file, int width, int height, long seed) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        SplittableRandom random = new SplittableRandom(seed);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, random.nextInt(1 << 24));
            }
        }
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    /// A change mask, 255 on its left half.
    static Path label(Path file, int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width / 2; x++) {
                image.getRaster().setSample(x, y, 0, 255);
            }
        }
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    /// A GeoTIFF of noise, half a metre a pixel.
    static Path tiff(Path file, int width, int height, int bands, long seed) throws IOException {
        return tiff(file, width, height, bands, seed, CogOptions.of(SampleType.UINT8, bands));
    }

    /// A change mask as `terrachange detect` writes it: 0 and 1 with a colour table.
    static Path mask(Path file, int width, int height) throws IOException {
        CogOptions options =
                CogOptions.of(SampleType.UINT8, 1).withColourTable(new ColourTable(Map.of(0, 0, 1, 0xff0000)));
        return tiff(file, width, height, 1, 0, options);
    }

    private static Path tiff(Path file, int width, int height, int bands, long seed, CogOptions options)
            throws IOException {
        Grid grid = Grid.of(width, height, Affine.northUp(500_000, 5_600_000, 0.5, 0.5), Crs.ofEpsg(32633));
        PixelBlock block = PixelBlock.allocate(grid.window(), SampleType.UINT8, bands);
        SplittableRandom random = new SplittableRandom(seed);
        for (int band = 0; band < bands && seed != 0; band++) {
            random.nextBytes(block.bytes(band));
        }
        try (CogWriter writer = CogWriter.create(file, grid, options)) {
            writer.append(block);
            writer.finish();
        }
        return file;
    }

    /// The first half of a file's bytes.
    static Path truncated(Path file, Path whole) throws IOException {
        byte[] bytes = Files.readAllBytes(whole);
        return Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    }

    /// Labelled pairs in the layout of LEVIR-CD.
    static Path dataset(Path root, String split, int pairs, int size) throws IOException {
        for (String part : new String[] {"A", "B", "label"}) {
            Files.createDirectories(root.resolve(split).resolve(part));
        }
        for (int i = 0; i < pairs; i++) {
            png(root.resolve(split + "/A/" + i + ".png"), size, size, 2 * i + 1);
            png(root.resolve(split + "/B/" + i + ".png"), size, size, 2 * i + 2);
            label(root.resolve(split + "/label/" + i + ".png"), size, size);
        }
        return root;
    }
}
