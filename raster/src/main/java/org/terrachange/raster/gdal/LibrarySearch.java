package org.terrachange.raster.gdal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Where GDAL's library may lie, the likeliest place first.
final class LibrarySearch {
    /// `libgdal.so.36`, `libgdal.36.dylib`, `gdal310.dll`; the number is the version of the interface.
    private static final Pattern LIBRARY =
            Pattern.compile("libgdal(\\.so(\\.\\d+)?|(\\.\\d+)?\\.dylib)|(lib)?gdal-?\\d*\\.dll");

    private LibrarySearch() {}

    /// Names and paths to try in turn. A bare name is looked up as the system looks up libraries.
    static List<String> candidates() {
        var candidates = new ArrayList<String>();
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        candidates.add(system.contains("mac") ? "libgdal.dylib" : system.contains("win") ? "gdal.dll" : "libgdal.so");
        for (Path folder : folders(system)) {
            candidates.addAll(in(folder));
        }
        return candidates;
    }

    private static List<Path> folders(String system) {
        var folders = new ArrayList<Path>();
        String conda = System.getenv("CONDA_PREFIX");
        if (conda != null) {
            folders.add(Path.of(conda, system.contains("win") ? "Library/bin" : "lib"));
        }
        if (system.contains("win")) {
            for (String entry : System.getenv().getOrDefault("PATH", "").split(";")) {
                try {
                    // A relative entry would load whatever lies in the working folder.
                    Path folder = Path.of(entry);
                    if (folder.isAbsolute()) {
                        folders.add(folder);
                    }
                } catch (InvalidPathException _) {
                    // An entry that is no path holds no library either.
                }
            }
            folders.add(Path.of("C:\\OSGeo4W\\bin"));
        } else {
            String machine = System.getProperty("os.arch", "").equals("aarch64") ? "aarch64" : "x86_64";
            Stream.of(
                            "/usr/local/lib",
                            "/opt/homebrew/lib",
                            "/opt/local/lib",
                            "/usr/lib/" + machine + "-linux-gnu",
                            "/usr/lib64",
                            "/usr/lib")
                    .map(Path::of)
                    .forEach(folders::add);
        }
        return folders;
    }

    /// The libraries in a folder, the newest first.
    static List<String> in(Path folder) {
        try (var files = Files.list(folder)) {
            return files.filter(file ->
                            LIBRARY.matcher(String.valueOf(file.getFileName())).matches())
                    .sorted(Comparator.comparingInt(LibrarySearch::version).reversed())
                    .map(Path::toString)
                    .toList();
        } catch (IOException _) {
            return List.of();
        }
    }

    private static int version(Path file) {
        String digits = file.getFileName().toString().replaceAll("\\D", "");
        return digits.isEmpty() || digits.length() > 9 ? 0 : Integer.parseInt(digits);
    }
}
