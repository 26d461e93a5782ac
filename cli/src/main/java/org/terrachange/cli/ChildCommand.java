package org.terrachange.cli;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.terrachange.nn.distributed.Member;
import org.terrachange.nn.tensor.Device;

/// The command line and environment of a process that trains together with others on this machine: those of the
/// present process, with its share of memory and cores.
///
/// @param words of the command
/// @param processes on this machine
/// @param device that they compute on
record ChildCommand(List<String> words, int processes, Device device) {
    private static final String HEAP_SHARE = "-XX:MaxRAMPercentage=";

    ChildCommand {
        words = List.copyOf(words);
    }

    /// @param member that the process is to be
    /// @param place its number on this machine, from 0
    ProcessBuilder builder(Member member, int place) {
        int cores = Math.max(1, Runtime.getRuntime().availableProcessors() / processes);
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            // Agents belong to the process that they were started with.
            if (!option.startsWith("-javaagent") && !option.startsWith("-agentlib")) {
                line.add(shared(option));
            }
        }
        line.add("-XX:ActiveProcessorCount=" + cores);
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        line.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(line);
        Map<String, String> environment = builder.environment();
        environment.put(ProcessOptions.MEMBER, member.text());
        environment.put(
                ProcessOptions.SUPERVISOR, Long.toString(ProcessHandle.current().pid()));
        environment.putIfAbsent("OMP_NUM_THREADS", Integer.toString(cores));
        // What libtorch says of lost connections, with traces, is said better by this program.
        environment.putIfAbsent("TORCH_CPP_LOG_LEVEL", "FATAL");
        if (device == Device.CUDA) {
            environment.put("CUDA_VISIBLE_DEVICES", card(environment.get("CUDA_VISIBLE_DEVICES"), place));
        }
        return builder;
    }

    private String shared(String option) {
        if (!option.startsWith(HEAP_SHARE)) {
            return option;
        }
        double percent = Double.parseDouble(option.substring(HEAP_SHARE.length()));
        return HEAP_SHARE + String.format(Locale.ROOT, "%.2f", percent / processes);
    }

    /// One graphics card for each process, of those that may be used.
    private static String card(@Nullable String allowed, int place) {
        if (allowed == null || allowed.isBlank()) {
            return Integer.toString(place);
        }
        String[] cards = allowed.split(",");
        return cards[place % cards.length].strip();
    }
}
