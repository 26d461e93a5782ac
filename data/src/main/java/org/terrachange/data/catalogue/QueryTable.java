package org.terrachange.data.catalogue;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.terrachange.data.pairs.DatasetException;

/// Texts to search an archive for: the lines of a text file, or the column `query` or `text` of a table (`.csv`,
/// `.tsv`, `.parquet`).
public final class QueryTable {
    private static final List<String> COLUMNS = List.of("query", "text");

    private QueryTable() {}

    /// All texts of a file, in order; blank lines are passed over.
    ///
    /// @throws DatasetException if the file cannot be understood or holds no text
    public static List<String> read(Path file) throws IOException, InterruptedException {
        if (!Files.isRegularFile(file)) {
            throw new DatasetException(file, "does not exist");
        }
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        List<String> texts = switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "csv" -> column(file, new CsvRows(file, ','));
            case "tsv" -> column(file, new CsvRows(file, '\t'));
            case "parquet" -> column(file, new ParquetRows(file));
            default -> lines(file);
        };
        if (texts.isEmpty()) {
            throw new DatasetException(file, "holds no text to search for");
        }
        return texts;
    }

    private static List<String> column(Path file, Rows rows) throws IOException, InterruptedException {
        List<String> texts = new ArrayList<>();
        rows.forEach((number, cells) -> texts.add(COLUMNS.stream()
                .map(column -> cells.getOrDefault(column, "").toString().strip())
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElseThrow(() -> new DatasetException(
                        file, "row " + number + ": it has nothing in the column query (or text)"))));
        return texts;
    }

    private static List<String> lines(Path file) throws IOException {
        try {
            return Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (CharacterCodingException e) {
            DatasetException refusal = new DatasetException(file, "is not in UTF-8");
            refusal.initCause(e);
            throw refusal;
        }
    }
}
