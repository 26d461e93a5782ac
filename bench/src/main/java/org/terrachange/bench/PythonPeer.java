package org.terrachange.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Programs in Python that lie beside the classes of this package and do what they do with the field's usual libraries.
final class PythonPeer {
    /// Debian's Python, for which its packages are built; another Python in front of it would not find them.
    private static final String PYTHON = "/usr/bin/python3";

    private PythonPeer() {}

    /// What a program measured: it prints lines of words and a number, and `pretrain fp32 1.234` becomes 1.234 under
    /// `pretrain fp32`. Other lines go to standard error.
    ///
    /// @param script its name
    /// @return nothing where the program fails, as it does without its library, which is said on standard error
    static Map<String, Double> figures(String script, String... arguments) throws IOException {
        Map<String, Double> figures = new HashMap<>();
        Path copy = Files.createTempFile("terrachange-peer", ".py");
        try (InputStream source = PythonPeer.class.getResourceAsStream(script)) {
            Files.write(copy, Objects.requireNonNull(source).readAllBytes());
            List<String> command = new ArrayList<>(List.of(PYTHON, copy.toString()));
            command.addAll(List.of(arguments));
            for (String line : Programs.run(command).split("\\R")) {
                int space = line.lastIndexOf(' ');
                if (space > 0 && line.substring(space + 1).matches("[0-9.]+")) {
                    figures.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
                } else {
                    System.err.println(line);
                }
            }
        } catch (IOException e) {
            System.err.println("nothing to compare with: " + e.getMessage());
        } finally {
            Files.delete(copy);
        }
        return figures;
    }
}
