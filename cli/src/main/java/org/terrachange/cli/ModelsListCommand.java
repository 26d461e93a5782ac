package org.terrachange.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.terrachange.hub.ModelEntry;
import org.terrachange.hub.ModelHub;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `terrachange models list`.
@Command(name = "list", description = "Lists the models that can be asked for by name; the first is the default.")
final class ModelsListCommand implements Callable<Integer> {
    @Mixin
    private SharedOptions.Output output;

    /// The JSON document.
    private record Listing(String cache, List<ListedModel> models) {}

    @Override
    public Integer call() throws Exception {
        ModelHub hub = ModelHub.ofInstallation();
        List<ListedModel> models = new ArrayList<>();
        for (ModelEntry entry : hub.registry().models()) {
            models.add(ListedModel.of(hub, entry));
        }
        output.console()
                .result(
                        new Listing(hub.cache().toString(), models),
                        models.stream().map(ListedModel::line).collect(Collectors.joining(System.lineSeparator())));
        return ExitCode.DONE;
    }
}
