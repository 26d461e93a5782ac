package org.terrachange.server.jobs;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/// Jobs on disk, in SQLite with a write-ahead log: what is written here outlives a kill.
public final class JobStore implements AutoCloseable {
    private static final int VERSION = 1;

    private static final String COLUMNS =
            "id, process, title, inputs, state, progress, message, attempts, created, started, finished";

    private final Path file;
    private final Connection connection;

    /// SQLite takes one statement at a time of one connection.
    private final ReentrantLock lock = new ReentrantLock();

    private JobStore(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    /// Opens the store in a file, which is created if needed.
    ///
    /// @throws IOException if it is no store, is one of a later version, or is open elsewhere
    public static JobStore open(Path file) throws IOException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        // With a write-ahead log this loses nothing when the process dies, only when the power does.
        config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
        // Two servers on one folder would both run the same jobs.
        config.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE);
        try {
            Connection connection = config.createConnection("jdbc:sqlite:" + file);
            try {
                prepare(file, connection);
                return new JobStore(file, connection);
            } catch (SQLException | IOException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new IOException(
                    file + ": cannot be opened as a store of jobs (" + e.getMessage()
                            + "); is another server running on this folder?",
                    e);
        }
    }

    private static void prepare(Path file, Connection connection) throws SQLException, IOException {
        try (Statement statement = connection.createStatement()) {
            int version;
            try (ResultSet row = statement.executeQuery("PRAGMA user_version")) {
                version = row.getInt(1);
            }
            if (version > VERSION) {
                throw new IOException(file + ": was written by a later version of TerraChange");
            }
            statement.executeUpdate("""
                    CREATE TABLE IF NOT EXISTS job (
                        place INTEGER PRIMARY KEY AUTOINCREMENT,
                        id TEXT NOT NULL UNIQUE,
                        process TEXT NOT NULL,
                        title TEXT NOT NULL,
                        inputs TEXT NOT NULL,
                        state TEXT NOT NULL,
                        progress INTEGER NOT NULL,
                        message TEXT NOT NULL,
                        attempts INTEGER NOT NULL,
                        created INTEGER NOT NULL,
                        started INTEGER,
                        finished INTEGER)""");
            statement.executeUpdate("CREATE INDEX IF NOT EXISTS job_state ON job (state, place)");
            statement.executeUpdate("PRAGMA user_version = " + VERSION);
        }
    }

    /// Something to do with the database.
    private interface Use<T> {
        T with(Connection connection) throws SQLException;
    }

    private <T> T use(Use<T> use) throws IOException {
        lock.lock();
        try {
            return use.with(connection);
        } catch (SQLException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    /// Keeps a new job, after all others.
    void add(Job job) throws IOException {
        use(database -> {
            try (PreparedStatement statement = database.prepareStatement(
                    "INSERT INTO job (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
                statement.setString(1, job.id());
                statement.setString(2, job.process());
                statement.setString(3, job.title());
                statement.setString(4, job.inputs());
                statement.setString(5, job.state().label());
                statement.setInt(6, job.progress());
                statement.setString(7, job.message());
                statement.setInt(8, job.attempts());
                statement.setLong(9, job.created().toEpochMilli());
                statement.setObject(10, millis(job.started()));
                statement.setObject(11, millis(job.finished()));
                return statement.executeUpdate();
            }
        });
    }

    private static @Nullable Long millis(Optional<Instant> moment) {
        return moment.map(Instant::toEpochMilli).orElse(null);
    }

    /// Keeps how far a job is.
    void update(Job job) throws IOException {
        use(database -> {
            try (PreparedStatement statement = database.prepareStatement("UPDATE job SET state = ?, progress = ?,"
                    + " message = ?, attempts = ?, started = ?, finished = ? WHERE id = ?")) {
                statement.setString(1, job.state().label());
                statement.setInt(2, job.progress());
                statement.setString(3, job.message());
                statement.setInt(4, job.attempts());
                statement.setObject(5, millis(job.started()));
                statement.setObject(6, millis(job.finished()));
                statement.setString(7, job.id());
                return statement.executeUpdate();
            }
        });
    }

    /// Forgets a job.
    void remove(String id) throws IOException {
        use(database -> {
            try (PreparedStatement statement = database.prepareStatement("DELETE FROM job WHERE id = ?")) {
                statement.setString(1, id);
                return statement.executeUpdate();
            }
        });
    }

    /// The job with this id, if there is one.
    public Optional<Job> find(String id) throws IOException {
        return use(database -> {
            try (PreparedStatement statement =
                    database.prepareStatement("SELECT " + COLUMNS + " FROM job WHERE id = ?")) {
                statement.setString(1, id);
                return jobs(statement).stream().findFirst();
            }
        });
    }

    /// Jobs in these states, the oldest first.
    public List<Job> inOrder(Set<JobState> states) throws IOException {
        return list(states, "place ASC", Integer.MAX_VALUE, 0);
    }

    /// Jobs in these states, the newest first.
    ///
    /// @param limit how many at most
    /// @param offset how many of the newest are left out
    public List<Job> newest(Set<JobState> states, int limit, int offset) throws IOException {
        return list(states, "place DESC", limit, offset);
    }

    private List<Job> list(Set<JobState> states, String order, int limit, int offset) throws IOException {
        // Labels of an enum: nothing that a request sends.
        String in = states.stream().map(state -> "'" + state.label() + "'").collect(Collectors.joining(", "));
        return use(database -> {
            try (PreparedStatement statement = database.prepareStatement("SELECT " + COLUMNS
                    + " FROM job WHERE state IN (" + in + ") ORDER BY " + order + " LIMIT ? OFFSET ?")) {
                statement.setInt(1, limit);
                statement.setInt(2, offset);
                return jobs(statement);
            }
        });
    }

    /// How many jobs are in each state.
    public Map<JobState, Long> counts() throws IOException {
        return use(database -> {
            Map<JobState, Long> counts = new EnumMap<>(JobState.class);
            for (JobState state : JobState.values()) {
                counts.put(state, 0L);
            }
            try (Statement statement = database.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT state, count(*) FROM job GROUP BY state")) {
                while (rows.next()) {
                    counts.put(state(rows.getString(1)), rows.getLong(2));
                }
            }
            return counts;
        });
    }

    private static List<Job> jobs(PreparedStatement statement) throws SQLException {
        List<Job> jobs = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                jobs.add(new Job(
                        rows.getString(1),
                        rows.getString(2),
                        rows.getString(3),
                        rows.getString(4),
                        state(rows.getString(5)),
                        rows.getInt(6),
                        rows.getString(7),
                        OptionalLong.empty(),
                        rows.getInt(8),
                        Instant.ofEpochMilli(rows.getLong(9)),
                        moment(rows, 10),
                        moment(rows, 11)));
            }
        }
        return jobs;
    }

    private static JobState state(String label) throws SQLException {
        return JobState.parse(label).orElseThrow(() -> new SQLException("'" + label + "' is no state of a job"));
    }

    private static Optional<Instant> moment(ResultSet rows, int column) throws SQLException {
        long millis = rows.getLong(column);
        return rows.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    @Override
    public void close() throws IOException {
        use(database -> {
            database.close();
            return true;
        });
    }
}
