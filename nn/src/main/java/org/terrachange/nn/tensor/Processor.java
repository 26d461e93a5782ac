package org.terrachange.nn.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/// What the processor of this machine can do, as far as it decides the number format.
final class Processor {
    private static final Set<String> FLAGS = readFlags();

    private Processor() {}

    static boolean multipliesBfloat16() {
        return FLAGS.contains("avx512_bf16") || FLAGS.contains("amx_bf16") || FLAGS.contains("bf16");
    }

    /// Linux lists the features of x86 processors as `flags`, those of Arm processors as `Features`; elsewhere
    /// none are
    /// known and the answer is the safe one.
    private static Set<String> readFlags() {
        Path info = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(info)) {
            return Set.of();
        }
        try (var lines = Files.lines(info)) {
            return lines.filter(line -> line.startsWith("flags") || line.startsWith("Features"))
                    .findFirst()
                    .map(line -> Arrays.stream(
                                    line.substring(line.indexOf(':') + 1).trim().split("\\s+"))
                            .collect(Collectors.toUnmodifiableSet()))
                    .orElse(Set.of());
        } catch (IOException _) {
            return Set.of();
        }
    }
}
