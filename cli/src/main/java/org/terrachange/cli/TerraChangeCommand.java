package org.terrachange.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command `terrachange` itself: a name for its subcommands.
@Command(
        name = "terrachange",
        description = "Finds what changed on the ground between two overhead images.",
        mixinStandardHelpOptions = true,
        versionProvider = ProgramVersion.class,
        scope = picocli.CommandLine.ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND",
        usageHelpAutoWidth = true,
        subcommands = {
            DetectCommand.class,
            PretrainCommand.class,
            TrainCommand.class,
            EvaluateCommand.class,
            RetrievalCommand.class,
            InfoCommand.class,
            ModelsCommand.class,
            SynthesizeCommand.class,
            BatchCommand.class,
            ServeCommand.class,
            DemoCommand.class
        })
final class TerraChangeCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
