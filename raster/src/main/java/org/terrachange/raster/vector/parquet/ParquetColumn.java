package org.terrachange.raster.vector.parquet;

import java.util.List;

/// A column of a table.
///
/// @param path its name, or the name of its group and its own; a group is never absent
/// @param type of all its values
/// @param optional whether a row may have no value
public record ParquetColumn(List<String> path, Type type, boolean optional) {
    public ParquetColumn {
        path = List.copyOf(path);
        if (path.isEmpty() || path.size() > 2) {
            throw new IllegalArgumentException("a column has a name, or a group and a name, not " + path);
        }
    }

    /// What a column holds, with the number by which the format knows it.
    public enum Type {
        /// `Long`
        INTEGER(2),
        /// `Double`
        REAL(5),
        /// `byte[]`
        BINARY(6),
        /// `String`
        TEXT(6);

        final int code;

        Type(int code) {
            this.code = code;
        }
    }

    /// A column outside any group.
    public static ParquetColumn of(String name, Type type, boolean optional) {
        return new ParquetColumn(List.of(name), type, optional);
    }
}
