package org.terrachange.spark.detection;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.terrachange.raster.AtomicFile;
import org.terrachange.raster.vector.parquet.ParquetColumn;
import org.terrachange.raster.vector.parquet.ParquetColumn.Type;
import org.terrachange.raster.vector.parquet.ParquetWriter;
import org.terrachange.spark.output.GeoMetadata;

/// The table of a run: one row a pair, in the order of the catalogue. Where any pair lies on the ground, it is
/// GeoParquet 1.1 with the footprints in longitude and latitude.
final class ResultTable {
    private static final List<ParquetColumn> COLUMNS = List.of(
            ParquetColumn.of("pair", Type.TEXT, false),
            ParquetColumn.of("before", Type.TEXT, false),
            ParquetColumn.of("after", Type.TEXT, false),
            ParquetColumn.of("before_date", Type.TEXT, true),
            ParquetColumn.of("after_date", Type.TEXT, true),
            ParquetColumn.of("status", Type.TEXT, false),
            ParquetColumn.of("error", Type.TEXT, true),
            ParquetColumn.of("folder", Type.TEXT, true),
            ParquetColumn.of("width", Type.INTEGER, true),
            ParquetColumn.of("height", Type.INTEGER, true),
            ParquetColumn.of("changed_share", Type.REAL, true),
            ParquetColumn.of("changed_m2", Type.REAL, true),
            ParquetColumn.of("polygons", Type.INTEGER, true),
            ParquetColumn.of("seconds", Type.REAL, true));

    private ResultTable() {}

    static void write(Path target, List<PairResult> rows) throws IOException {
        boolean placed = rows.stream().anyMatch(row -> footprint(row) != null);
        List<ParquetColumn> columns = new ArrayList<>(COLUMNS);
        if (placed) {
            columns.add(ParquetColumn.of(GeoMetadata.COLUMN, Type.BINARY, true));
        }
        AtomicFile.write(target, file -> {
            try (ParquetWriter table = new ParquetWriter(
                    new BufferedOutputStream(Files.newOutputStream(file), 1 << 16), columns, "TerraChange")) {
                for (PairResult row : rows) {
                    table.write(values(row, placed));
                }
                table.finish(placed ? Map.of(GeoMetadata.KEY, GeoMetadata.lonLat()) : Map.of());
            }
        });
    }

    private static byte @Nullable [] footprint(PairResult row) {
        Found found = row.found();
        return found == null ? null : found.footprint();
    }

    private static @Nullable Object[] values(PairResult row, boolean placed) {
        Found found = row.found();
        List<@Nullable Object> values = new ArrayList<>();
        values.add(row.pair().id());
        values.add(row.pair().before());
        values.add(row.pair().after());
        values.add(row.pair().beforeDate());
        values.add(row.pair().afterDate());
        values.add(found == null ? "failed" : "done");
        values.add(row.error());
        values.add(found == null ? null : row.folder());
        values.add(found == null ? null : (long) found.width());
        values.add(found == null ? null : (long) found.height());
        values.add(found == null ? null : found.changedShare());
        values.add(found == null ? null : found.changedSquareMetres());
        values.add(found == null ? null : found.polygons());
        values.add(found == null ? null : found.seconds());
        if (placed) {
            values.add(footprint(row));
        }
        return values.toArray();
    }
}
