package org.terrachange.cli;

import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// Runs commands unless an option that has one value was given twice.
///
/// Picocli sees to that by itself, but not for options in groups: there the second one silently begins the group
/// anew, and whatever else was given of it is lost.
final class OnceOnly {
    private OnceOnly() {}

    /// @throws ParameterException if an option is there twice
    static int execute(ParseResult parsed) {
        CommandLine command = parsed.asCommandLineList().getLast();
        List<String> words = command.getParseResult().originalArgs();
        int end = words.contains("--") ? words.indexOf("--") : words.size();
        for (OptionSpec option : command.getCommandSpec().options()) {
            if (!option.isMultiValue() && timesGiven(option, words.subList(0, end)) > 1) {
                throw new ParameterException(
                        command, "option '" + option.longestName() + "' is given more than once; give it once");
            }
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    private static long timesGiven(OptionSpec option, List<String> words) {
        return words.stream()
                .filter(word -> Arrays.stream(option.names())
                        .anyMatch(name -> word.equals(name) || word.startsWith(name + "=")))
                .count();
    }
}
