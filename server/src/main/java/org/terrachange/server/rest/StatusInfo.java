package org.terrachange.server.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.terrachange.server.jobs.Job;
import org.terrachange.server.jobs.JobState;

/// A job as OGC API - Processes tells of it (18-062r2, schema `statusInfo.yaml`), with a title and the time left.
///
/// @param processId which process
/// @param type always `process`
/// @param jobId names the job
/// @param status accepted, running, successful, failed or dismissed
/// @param title for people
/// @param message what it does or why it failed
/// @param created when it was asked for, RFC 3339
/// @param started when it last left the queue
/// @param finished when it ended
/// @param updated when something last happened
/// @param progress 0 to 100
/// @param secondsLeft until it is done, as far as that can be told
/// @param links to the job, its events and its results
@JsonInclude(JsonInclude.Include.NON_NULL)
record StatusInfo(
        @JsonProperty("processID") String processId,
        String type,
        @JsonProperty("jobID") String jobId,
        String status,
        String title,
        String message,
        String created,
        @Nullable String started,
        @Nullable String finished,
        String updated,
        int progress,
        @Nullable Long secondsLeft,
        List<Link> links) {

    static StatusInfo of(Job job) {
        String self = "/jobs/" + job.id();
        List<Link> links = new ArrayList<>();
        links.add(Link.of(self, "self", Link.JSON, "this job"));
        links.add(Link.of(self, "alternate", Link.HTML, "this job as a page"));
        links.add(Link.of(self + "/events", "monitor", "text/event-stream", "what happens to this job"));
        if (job.state() == JobState.SUCCESSFUL) {
            links.add(Link.of(self + "/results", OgcNames.RESULTS, Link.JSON, "what it found"));
        }
        return new StatusInfo(
                job.process(),
                "process",
                job.id(),
                job.state().label(),
                job.title(),
                job.message(),
                job.created().toString(),
                job.started().map(Object::toString).orElse(null),
                job.finished().map(Object::toString).orElse(null),
                job.updated().toString(),
                job.progress(),
                job.secondsLeft().isPresent() ? job.secondsLeft().getAsLong() : null,
                links);
    }
}
