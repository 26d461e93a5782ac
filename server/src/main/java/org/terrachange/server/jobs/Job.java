package org.terrachange.server.jobs;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/// A run of a process, at one moment.
///
/// @param id names it in addresses
/// @param process that runs
/// @param title for people
/// @param inputs the JSON document that was asked for
/// @param state how far it is
/// @param progress 0 to 100
/// @param message what it does or why it failed, for people
/// @param secondsLeft until it is done, as far as that can be told
/// @param attempts how often it was started: more than once where the server stopped while it ran
/// @param created when it was asked for
/// @param started when it last left the queue
/// @param finished when it ended
public record Job(
        String id,
        String process,
        String title,
        String inputs,
        JobState state,
        int progress,
        String message,
        OptionalLong secondsLeft,
        int attempts,
        Instant created,
        Optional<Instant> started,
        Optional<Instant> finished) {

    /// A job that was just asked for.
    public static Job asked(String id, String process, String title, String inputs, Instant now) {
        return new Job(
                id,
                process,
                title,
                inputs,
                JobState.ACCEPTED,
                0,
                "waits for its turn",
                OptionalLong.empty(),
                0,
                now,
                Optional.empty(),
                Optional.empty());
    }

    /// When something last happened.
    public Instant updated() {
        return finished.or(() -> started).orElse(created);
    }

    Job queuedAgain(String why) {
        return with(JobState.ACCEPTED, 0, why, OptionalLong.empty(), attempts, started, Optional.empty());
    }

    /// As it was before it was started: being stopped in good order is no fault of a job.
    Job putBack(String why) {
        return with(JobState.ACCEPTED, 0, why, OptionalLong.empty(), attempts - 1, started, Optional.empty());
    }

    Job startedAt(Instant now) {
        return with(
                JobState.RUNNING,
                0,
                "prepares",
                OptionalLong.empty(),
                attempts + 1,
                Optional.of(now),
                Optional.empty());
    }

    Job at(int percent, String doing, OptionalLong left) {
        return with(state, percent, doing, left, attempts, started, finished);
    }

    Job endedAt(Instant now, JobState end, String why) {
        return with(
                end,
                end == JobState.SUCCESSFUL ? 100 : progress,
                why,
                OptionalLong.empty(),
                attempts,
                started,
                Optional.of(now));
    }

    private Job with(
            JobState newState,
            int newProgress,
            String newMessage,
            OptionalLong newSecondsLeft,
            int newAttempts,
            Optional<Instant> newStarted,
            Optional<Instant> newFinished) {
        return new Job(
                id,
                process,
                title,
                inputs,
                newState,
                newProgress,
                newMessage,
                newSecondsLeft,
                newAttempts,
                created,
                newStarted,
                newFinished);
    }
}
