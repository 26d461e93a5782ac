package org.terrachange.data.catalogue;

import com.jerolba.carpet.CarpetReader;
import com.jerolba.carpet.CloseableIterator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.parquet.io.api.Binary;
import org.terrachange.data.pairs.DatasetException;

/// Rows of a Parquet file, GeoParquet included.
record ParquetRows(Path file) implements Rows {

    @Override
    public void forEach(Consumer consumer) throws IOException, InterruptedException {
        long number = 0;
        try (CloseableIterator<Map<String, Object>> rows = read(number, this::open)) {
            while (read(number, rows::hasNext)) {
                Map<String, Object> cells = read(number, () -> cells(rows.next()));
                number++;
                consumer.accept(number, cells);
            }
        }
    }

    @SuppressWarnings({"rawtypes", "unchecked"})
    private CloseableIterator<Map<String, Object>> open() {
        return (CloseableIterator) new CarpetReader<>(file.toFile(), Map.class).iterator();
    }

    private static Map<String, Object> cells(Map<String, Object> row) {
        Map<String, Object> cells = new HashMap<>();
        row.forEach((column, cell) -> {
            if (cell != null) {
                cells.put(column.toLowerCase(Locale.ROOT), value(cell));
            }
        });
        return cells;
    }

    /// One step of reading the file. What its library throws there is the file's fault; what takes the rows is not
    /// asked here, so that its failures stay its own.
    ///
    /// @param done rows that were read before
    private <T> T read(long done, Supplier<T> step) throws IOException {
        try {
            return step.get();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (RuntimeException e) {
            DatasetException refusal = new DatasetException(file, "is no Parquet file, or damaged after row " + done);
            refusal.initCause(e);
            throw refusal;
        }
    }

    private static Object value(Object cell) {
        return switch (cell) {
            case byte[] bytes -> bytes;
            case Binary binary -> binary.getBytes();
            case Collection<?> parts -> parts;
            case LocalDateTime moment -> moment.atOffset(ZoneOffset.UTC).toString();
            default -> cell.toString();
        };
    }
}
