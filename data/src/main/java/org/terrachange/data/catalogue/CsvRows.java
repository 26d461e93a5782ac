package org.terrachange.data.catalogue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.terrachange.data.pairs.DatasetException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.MappingIterator;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvSchema;

/// Rows of comma-separated values (RFC 4180) whose first line names the columns.
record CsvRows(Path file, char separator) implements Rows {

    @Override
    public void forEach(Consumer consumer) throws IOException, InterruptedException {
        CsvSchema schema = CsvSchema.emptySchema().withHeader().withColumnSeparator(separator);
        long number = 1;
        try (BufferedReader text = Files.newBufferedReader(file, StandardCharsets.UTF_8);
                MappingIterator<Map<String, String>> rows = new CsvMapper()
                        .readerForMapOf(String.class)
                        .with(schema)
                        .readValues(text)) {
            while (rows.hasNextValue()) {
                number++;
                Map<String, Object> cells = new HashMap<>();
                rows.nextValue().forEach((column, cell) -> {
                    if (cell != null && !cell.isBlank()) {
                        cells.put(plain(column), cell.strip());
                    }
                });
                if (!cells.isEmpty()) {
                    consumer.accept(number, cells);
                }
            }
        } catch (JacksonException e) {
            if (e.getCause() instanceof CharacterCodingException) {
                throw refusal("is not in UTF-8", e);
            }
            throw refusal("cannot be read after line " + number + ": " + e.getOriginalMessage(), e);
        }
    }

    private DatasetException refusal(String problem, Exception cause) {
        DatasetException refusal = new DatasetException(file, problem);
        refusal.initCause(cause);
        return refusal;
    }

    /// Spreadsheets put a byte order mark before the first name.
    private static String plain(String column) {
        return column.replace("\ufeff", "").strip().toLowerCase(Locale.ROOT);
    }
}
