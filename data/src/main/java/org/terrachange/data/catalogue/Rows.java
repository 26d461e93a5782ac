package org.terrachange.data.catalogue;

import java.io.IOException;
import java.util.Map;

/// The rows of a table, one by one.
sealed interface Rows permits CsvRows, ParquetRows {

    /// Takes one row after the other: its cells by the names of their columns, in lower case, without empty
    /// ones; text, or bytes, or a collection of texts.
    @FunctionalInterface
    interface Consumer {
        void accept(long number, Map<String, Object> cells) throws IOException, InterruptedException;
    }

    /// Shows every row, numbered from 1 as a reader of the table counts them.
    void forEach(Consumer consumer) throws IOException, InterruptedException;
}
