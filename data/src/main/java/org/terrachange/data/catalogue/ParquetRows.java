package org.terrachange.data.catalogue;

import com.jerolba.carpet.CarpetReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import org.apache.parquet.io.api.Binary;
import org.terrachange.data.pairs.DatasetException;

/// Rows of a Parquet file, GeoParquet included.
record ParquetRows(Path file) implements Rows {

    @Override
    @SuppressWarnings({"rawtypes", "unchecked"})
    public void forEach(Consumer consumer) throws IOException, InterruptedException {
        long number = 0;
        try (var rows = new CarpetReader<>(file.toFile(), Map.class).iterator()) {
            Iterator<Map> iterator = rows;
            while (iterator.hasNext()) {
                number++;
                Map<String, Object> cells = new HashMap<>();
                ((Map<String, Object>) iterator.next()).forEach((column, cell) -> {
                    if (cell != null) {
                        cells.put(column.toLowerCase(Locale.ROOT), value(cell));
                    }
                });
                consumer.accept(number, cells);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (RuntimeException e) {
            if (e instanceof IllegalArgumentException refused) {
                throw refused;
            }
            DatasetException refusal = new DatasetException(file, "is no Parquet file, or damaged after row " + number);
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
