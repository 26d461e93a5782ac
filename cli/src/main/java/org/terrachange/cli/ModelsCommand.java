package org.terrachange.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `terrachange models`: what models there are.
@Command(
        name = "models",
        description =
                "Lists the models that can be asked for by name, downloads and checks them, shows their cards, and"
                        + " converts checkpoints.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ModelsListCommand.class,
            ModelsPullCommand.class,
            ModelsShowCommand.class,
            ModelsVerifyCommand.class,
            ModelsConvertCommand.class,
            ModelsPruneCommand.class
        })
final class ModelsCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "choose list, pull, show, verify, convert or prune");
    }
}
