package org.terrachange.cli;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.terrachange.nn.distributed.Member;
import org.terrachange.nn.distributed.ProcessGroup;
import org.terrachange.nn.tensor.Device;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// How many processes train together, on one machine or several.
///
/// The process that was asked for several trains nothing itself: it starts them with its own command line, tells each
/// by an environment variable which one it is, and watches over them.
final class ProcessOptions {
    /// Holds the [Member] that a process is; absent where nobody has started it to be one.
    static final String MEMBER = "TERRACHANGE_MEMBER";

    /// Holds the number of the process that has started it, with which it ends.
    static final String SUPERVISOR = "TERRACHANGE_SUPERVISOR";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--processes",
            paramLabel = "N",
            defaultValue = "1",
            description = "Processes on this machine that share every batch, and its cores or graphics cards"
                    + " (default: ${DEFAULT-VALUE}).")
    private int processes;

    @Option(
            names = "--nodes",
            paramLabel = "M",
            defaultValue = "1",
            description = "Machines that train together, each with --processes; give all the same command but for"
                    + " --node-rank (default: ${DEFAULT-VALUE}).")
    private int nodes;

    @Option(
            names = "--node-rank",
            paramLabel = "R",
            defaultValue = "0",
            description =
                    "Which of them this one is, from 0; machine 0 writes the results (default: ${DEFAULT-VALUE}).")
    private int node;

    @Option(names = "--master", paramLabel = "HOST:PORT", description = "Where machine 0 listens, with --nodes.")
    private @Nullable String master;

    /// Refuses what does not fit together.
    ///
    /// @param examples that all processes share at a time
    /// @param option that says how many they are
    void check(int examples, String option) {
        if (processes < 1 || nodes < 1 || node < 0 || node >= nodes) {
            throw refused("--processes and --nodes are at least 1, and --node-rank lies from 0 to below --nodes");
        }
        if (nodes > 1 && master == null) {
            throw refused("--nodes needs --master HOST:PORT, where machine 0 listens");
        }
        int all = processes * nodes;
        if (examples % all != 0) {
            throw refused(all + " processes cannot share " + option + " " + examples + " equally; choose a multiple of "
                    + all);
        }
    }

    private ParameterException refused(String reason) {
        return new ParameterException(spec.commandLine(), reason);
    }

    /// Whether this process is to start others instead of training.
    boolean supervises() {
        return processes * nodes > 1 && System.getenv(MEMBER) == null;
    }

    /// Trains in other processes.
    ///
    /// @return the exit code
    int supervise(Device device) throws IOException, InterruptedException {
        Member first = first();
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
            members.add(new Member(node * processes + i, first.size(), first.host(), first.port()));
        }
        List<String> words = spec.root().commandLine().getParseResult().originalArgs();
        return new ProcessSupervisor(
                        members,
                        new ChildCommand(words, processes, device),
                        spec.commandLine().getOut(),
                        spec.commandLine().getErr(),
                        spec.qualifiedName())
                .run();
    }

    private Member first() throws IOException {
        int all = processes * nodes;
        if (master == null) {
            // Free now, and taken again within seconds.
            try (ServerSocket free = new ServerSocket(0)) {
                return new Member(0, all, "127.0.0.1", free.getLocalPort());
            }
        }
        String address = master;
        return SharedOptions.checked(spec, () -> Member.parse("0/" + all + "@" + address));
    }

    /// The processes that this one trains with.
    ///
    /// @param device that the network computes on
    ProcessGroup join(Device device) throws IOException {
        String member = System.getenv(MEMBER);
        if (member == null) {
            return ProcessGroup.alone();
        }
        String supervisor = System.getenv(SUPERVISOR);
        if (supervisor != null) {
            ProcessSupervisor.endWith(Long.parseLong(supervisor));
        }
        return ProcessGroup.join(Member.parse(member), device, ProcessGroup.PATIENCE);
    }
}
