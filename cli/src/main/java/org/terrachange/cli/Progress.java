package org.terrachange.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.OptionalInt;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import org.terrachange.hub.download.Sizes;

/// Shows how far a long task is. Not safe for use by several threads at once.
sealed interface Progress extends AutoCloseable {
    /// Set by the launcher to the width of the terminal where standard error is one.
    String COLUMNS_PROPERTY = "terrachange.columns";

    /// Tells how much is done.
    ///
    /// @param done from 0 to `total`
    /// @param total 0 where it is not known
    /// @param detail a few words to show beside it; may be empty
    void at(long done, long total, String detail);

    @Override
    void close();

    /// Tells how much is done.
    default void at(long done, long total) {
        at(done, total, "");
    }

    /// What is counted.
    enum Unit {
        /// Steps of a task.
        STEPS,

        /// Bytes of a transfer, shown in larger units and with their pace.
        BYTES;

        private String words(long amount) {
            return switch (this) {
                case STEPS -> Long.toString(amount);
                case BYTES -> Sizes.words(amount);
            };
        }
    }

    /// A bar on a terminal, else a line every few seconds.
    static Progress on(PrintWriter err, String task, Unit unit) {
        OptionalInt columns = columns();
        return columns.isPresent() ? new Bar(task, unit, columns.getAsInt()) : new Lines(err, task, unit);
    }

    /// Shows nothing.
    static Progress silent() {
        return new Silent();
    }

    private static OptionalInt columns() {
        Integer columns = Integer.getInteger(COLUMNS_PROPERTY);
        return columns == null || columns < 40 ? OptionalInt.empty() : OptionalInt.of(columns);
    }

    /// Draws a bar that fills up.
    final class Bar implements Progress {
        private static final long MEGABYTE = 1_000_000;

        private final String task;
        private final Unit unit;
        private final int columns;
        private @Nullable ProgressBar bar;

        Bar(String task, Unit unit, int columns) {
            this.task = task;
            this.unit = unit;
            this.columns = columns;
        }

        @Override
        public void at(long done, long total, String detail) {
            if (bar == null) {
                ProgressBarBuilder builder = ProgressBar.builder();
                if (unit == Unit.BYTES) {
                    builder.setUnit(" MB", MEGABYTE).showSpeed();
                }
                bar = builder.setTaskName(task)
                        .setInitialMax(total > 0 ? total : -1)
                        .setConsumer(new ConsoleProgressBarConsumer(System.err, columns))
                        .setStyle(ProgressBarStyle.ASCII)
                        .startsFrom(done, Duration.ZERO)
                        .build();
            }
            bar.stepTo(done).setExtraMessage(detail);
        }

        @Override
        public void close() {
            if (bar != null) {
                bar.close();
            }
        }
    }

    /// Prints a line with percent and time left every few seconds, for logs.
    final class Lines implements Progress {
        private static final long EVERY_NANOS = 5_000_000_000L;

        private final PrintWriter err;
        private final String task;
        private final Unit unit;
        private final long started = System.nanoTime();
        private long printed = started;
        private long first = -1;

        Lines(PrintWriter err, String task, Unit unit) {
            this.err = err;
            this.task = task;
            this.unit = unit;
        }

        @Override
        public void at(long done, long total, String detail) {
            long now = System.nanoTime();
            if (first < 0) {
                // A resumed task begins in the middle; the pace counts from there.
                first = done;
            }
            if (now - printed < EVERY_NANOS || (total <= 0 && unit == Unit.STEPS)) {
                return;
            }
            printed = now;
            StringBuilder line = new StringBuilder(task).append(": ");
            if (total > 0) {
                line.append(100 * done / total)
                        .append(" % (")
                        .append(unit.words(done))
                        .append(" of ")
                        .append(unit.words(total));
            } else {
                line.append("(").append(unit.words(done)).append(" so far");
            }
            double perSecond = (done - first) / ((now - started) / 1e9);
            if (unit == Unit.BYTES) {
                line.append(", ").append(unit.words(Math.round(perSecond))).append("/s");
            }
            if (done > first && total > 0) {
                line.append(", ")
                        .append(Durations.words((total - done) / perSecond))
                        .append(" left");
            }
            line.append(")");
            err.println(detail.isEmpty() ? line : line.append(" ").append(detail));
        }

        @Override
        public void close() {
            // Lines need no ending.
        }
    }

    /// Shows nothing.
    record Silent() implements Progress {
        @Override
        public void at(long done, long total, String detail) {
            // As asked.
        }

        @Override
        public void close() {
            // Nothing was opened.
        }
    }
}
