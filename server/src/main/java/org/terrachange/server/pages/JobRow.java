package org.terrachange.server.pages;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.terrachange.server.jobs.Job;

/// A job as the list of jobs shows it.
///
/// @param id names it in addresses
/// @param title for people
/// @param state as the REST interface calls it
/// @param stateInWords for people
/// @param active whether it waits or runs
/// @param progress 0 to 100
/// @param message what it does or why it failed
/// @param asked when, in the time of this machine
public record JobRow(
        String id,
        String title,
        String state,
        String stateInWords,
        boolean active,
        int progress,
        String message,
        String asked) {
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm", Locale.ENGLISH);

    static JobRow of(Job job) {
        return new JobRow(
                job.id(),
                job.title(),
                job.state().label(),
                switch (job.state()) {
                    case ACCEPTED -> "Waiting";
                    case RUNNING -> "Running";
                    case SUCCESSFUL -> "Done";
                    case FAILED -> "Failed";
                    case DISMISSED -> "Cancelled";
                },
                !job.state().isFinished(),
                job.progress(),
                job.message(),
                MOMENT.format(job.created().atZone(ZoneId.systemDefault())));
    }
}
