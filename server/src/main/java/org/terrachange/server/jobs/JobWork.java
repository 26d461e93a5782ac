package org.terrachange.server.jobs;

/// What jobs do.
@FunctionalInterface
public interface JobWork {
    /// Does a job from start to end, on a thread that is interrupted when the job is cancelled or the server
    /// stops.
    ///
    /// @throws JobFailure if it cannot be done, with the reason for people
    /// @throws InterruptedException if the thread was interrupted; nothing half done is left
    void run(Job job, Progress progress) throws Exception;

    /// Hears how far a job is.
    interface Progress {
        /// @param doing a few words for people
        void steps(long done, long total, String doing);
    }
}
