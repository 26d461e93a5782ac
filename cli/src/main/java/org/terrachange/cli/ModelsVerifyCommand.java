package org.terrachange.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.terrachange.hub.ModelEntry;
import org.terrachange.hub.ModelHub;
import org.terrachange.hub.Verification;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `terrachange models verify`.
@Command(
        name = "verify",
        description = "Reads the files of models in full and compares their SHA-256 with the one they should have.")
final class ModelsVerifyCommand implements Callable<Integer> {
    @Mixin
    private SharedOptions.Output output;

    @Parameters(
            paramLabel = "NAME",
            arity = "0..*",
            description = "Models by name (default: all that are on this machine).")
    private List<String> names = List.of();

    /// @param result intact, damaged or absent
    private record Verified(String name, String result) {
        static Verified of(ModelEntry entry, Verification verification) {
            return new Verified(entry.name(), verification.name().toLowerCase(Locale.ROOT));
        }

        String text() {
            return String.format(Locale.ROOT, "%-24s %s", name, result);
        }
    }

    /// The JSON document.
    private record Result(List<Verified> models) {}

    @Override
    public Integer call() throws Exception {
        Console console = output.console();
        ModelHub hub = ModelHub.ofInstallation();
        List<Verified> verified = new ArrayList<>();
        boolean damaged = false;
        for (ModelEntry entry : wanted(hub)) {
            Verification verification = hub.verify(entry);
            if (!names.isEmpty() || verification != Verification.ABSENT) {
                verified.add(Verified.of(entry, verification));
            }
            if (verification == Verification.DAMAGED) {
                damaged = true;
                console.note(entry.name() + " is damaged and will not be used; fetch it again with: terrachange models"
                        + " pull " + entry.name());
            }
        }
        console.result(
                new Result(verified),
                verified.stream().map(Verified::text).collect(Collectors.joining(System.lineSeparator())));
        return damaged ? ExitCode.BAD_INPUT : ExitCode.DONE;
    }

    private List<ModelEntry> wanted(ModelHub hub) throws IOException {
        if (names.isEmpty()) {
            return hub.registry().models();
        }
        List<ModelEntry> entries = new ArrayList<>();
        for (String name : names) {
            entries.add(hub.named(name));
        }
        return entries;
    }
}
