package org.terrachange.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `terrachange retrieval`: pairs of images by what a text says of their change.
@Command(
        name = "retrieval",
        description =
                "Searches archives of image pairs by text; prepares captioned pairs, trains models that search, and scores"
                        + " them.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RetrievalIndexCommand.class,
            RetrievalSearchCommand.class,
            RetrievalPrepareCommand.class,
            RetrievalTrainCommand.class,
            RetrievalEvaluateCommand.class
        })
final class RetrievalCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "choose prepare, train, evaluate, index or search");
    }
}
