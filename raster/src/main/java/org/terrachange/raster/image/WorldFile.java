package org.terrachange.raster.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.terrachange.raster.Affine;
import org.terrachange.raster.AtomicFile;
import org.terrachange.raster.RasterException;

/// The small text file beside a picture that says where on the ground it lies: six numbers, one a line, in the
/// order A, D, B, E, C, F, where (C, F) is the *centre* of the first pixel.
public final class WorldFile {
    /// Six numbers need far less; anything larger is some other file.
    private static final long MAX_BYTES = 4096;

    private WorldFile() {}

    /// Reads the world file of a picture.
    ///
    /// For `scene.png` the endings `pgw`, `pngw` and `wld` are tried, each in lower and in upper case; for
    /// `scene.jpeg` the endings `jgw`, `jpegw`, `jpgw` and `wld`; and so on for other formats.
    ///
    /// @return the map from pixel corners to ground coordinates; empty where the picture has no world file
    /// @throws RasterException if there is one that does not hold six numbers
    public static Optional<Affine> beside(Path picture) throws RasterException {
        for (Path candidate : candidates(picture)) {
            if (Files.isRegularFile(candidate)) {
                return Optional.of(read(candidate));
            }
        }
        return Optional.empty();
    }

    /// Writes a world file.
    ///
    /// @param file its own name, such as `scene.pgw` beside `scene.png`
    /// @param map from pixel corners to ground coordinates
    public static void write(Path file, Affine map) throws IOException {
        Affine centres = map.shifted(0.5, 0.5);
        String text = String.format(
                Locale.ROOT,
                "%.12g%n%.12g%n%.12g%n%.12g%n%.12f%n%.12f%n",
                centres.a(),
                centres.d(),
                centres.b(),
                centres.e(),
                centres.c(),
                centres.f());
        AtomicFile.write(file, temporary -> Files.writeString(temporary, text, StandardCharsets.US_ASCII));
    }

    private static List<Path> candidates(Path picture) {
        String name = String.valueOf(picture.getFileName());
        int dot = name.lastIndexOf('.');
        String stem = dot < 0 ? name : name.substring(0, dot);
        String ending = dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
        var endings = new ArrayList<String>();
        if (ending.length() >= 3) {
            endings.add("" + ending.charAt(0) + ending.charAt(ending.length() - 1) + "w");
            endings.add(ending + "w");
        }
        if (ending.equals("jpeg")) {
            endings.add("jpgw");
        }
        endings.add("wld");
        var paths = new ArrayList<Path>();
        for (String each : endings) {
            paths.add(picture.resolveSibling(stem + "." + each));
            paths.add(picture.resolveSibling(stem + "." + each.toUpperCase(Locale.ROOT)));
        }
        return paths;
    }

    private static Affine read(Path file) throws RasterException {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new RasterException(file, "is too large for a world file");
            }
            String text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
            List<String> parts = text.lines().map(String::strip).toList();
            if (parts.size() < 6) {
                throw new RasterException(file, "is no world file: it should hold six numbers, one a line");
            }
            var numbers = new double[6];
            for (int i = 0; i < 6; i++) {
                numbers[i] = Double.parseDouble(parts.get(i));
            }
            Affine centres = new Affine(numbers[0], numbers[2], numbers[4], numbers[1], numbers[3], numbers[5]);
            return centres.shifted(-0.5, -0.5);
        } catch (RasterException e) {
            throw e;
        } catch (IOException e) {
            throw new RasterException(file, "cannot be read (" + e + ")", e);
        } catch (IllegalArgumentException e) {
            throw new RasterException(file, "is no world file: " + e.getMessage(), e);
        }
    }
}
