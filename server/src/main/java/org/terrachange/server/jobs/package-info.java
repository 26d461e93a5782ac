/// Jobs that outlive the process: kept in SQLite, queued, run one at a time, cancelled, cleaned up.
@NullMarked
package org.terrachange.server.jobs;

import org.jspecify.annotations.NullMarked;
