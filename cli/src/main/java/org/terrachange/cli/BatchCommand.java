package org.terrachange.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `terrachange batch`: whole catalogues, on all cores of a machine or of a cluster.
@Command(
        name = "batch",
        description = "Works through whole catalogues of image pairs, on this machine or on an Apache Spark cluster.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {BatchDetectCommand.class, BatchEmbedCommand.class, BatchSearchCommand.class})
final class BatchCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "choose detect, embed or search");
    }
}
