package org.terrachange.data.catalogue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.terrachange.data.pairs.DatasetException;

/// A list of image pairs, read one by one: it may be longer than memory holds.
public sealed interface Catalogue permits FolderCatalogue, TableCatalogue, StacCatalogue, Hdf5Catalogue {

    /// Takes one pair after the other.
    @FunctionalInterface
    interface Consumer {
        void accept(PairEntry entry) throws IOException, InterruptedException;
    }

    /// Shows every pair, in the order of the catalogue. No two have the same id.
    ///
    /// @throws DatasetException naming the file and the row or item that cannot be understood, or that has the id
    ///     of an earlier one
    void forEach(Consumer consumer) throws IOException, InterruptedException;

    /// How many pairs there are: reads the catalogue once.
    default long count() throws IOException, InterruptedException {
        long[] count = new long[1];
        forEach(_ -> count[0]++);
        return count[0];
    }

    /// The catalogue that a path names: a folder of pairs, a table (`.csv`, `.tsv`, `.parquet`, `.geoparquet`),
    /// a STAC item collection (`.json`, `.geojson`) or captioned pairs (`.h5`).
    ///
    /// @throws DatasetException if it is none of these
    static Catalogue open(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return new FolderCatalogue(path);
        }
        if (!Files.isRegularFile(path)) {
            throw new DatasetException(path, "does not exist");
        }
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "csv" -> new TableCatalogue(path, new CsvRows(path, ','));
            case "tsv" -> new TableCatalogue(path, new CsvRows(path, '\t'));
            case "parquet", "geoparquet" -> new TableCatalogue(path, new ParquetRows(path));
            case "h5" -> new Hdf5Catalogue(path);
            case "json", "geojson" -> new StacCatalogue(path);
            default ->
                throw new DatasetException(
                        path,
                        "is no catalogue of pairs; expected a folder, .csv, .tsv, .parquet, .geoparquet, .h5, or a STAC"
                                + " item collection as .json");
        };
    }
}
