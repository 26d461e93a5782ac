package org.terrachange.spark.embedding;

import com.jerolba.carpet.CarpetWriter;
import com.jerolba.carpet.annotation.Alias;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.io.WKBWriter;
import org.terrachange.search.index.ChangeRecord;
import org.terrachange.search.index.EmbeddedChange;
import org.terrachange.spark.output.GeoMetadata;

/// Vectors as a table, GeoParquet 1.1: one row a window, footprints in longitude and latitude where they are known.
final class VectorTable implements Closeable {
    private final CarpetWriter<Row> table;

    /// Values take as much room packed as plain: the numbers of a vector look like noise.
    VectorTable(Path file) throws IOException {
        table = new CarpetWriter.Builder<>(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16), Row.class)
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withExtraMetaData(GeoMetadata.KEY, GeoMetadata.lonLat())
                .build();
    }

    /// One window.
    record Row(
            String id,
            String source,
            String before,
            String after,
            int x,
            int y,
            int width,
            int height,
            @Alias(GeoMetadata.COLUMN) @Nullable Binary footprint,
            @Alias("before_date") @Nullable LocalDate beforeDate,
            @Alias("after_date") @Nullable LocalDate afterDate,
            @Alias("changed_fraction") double changedFraction,
            List<Float> vector) {}

    void add(EmbeddedChange embedded) throws IOException {
        ChangeRecord change = embedded.change();
        List<Float> vector = new ArrayList<>(embedded.embedding().length);
        for (float value : embedded.embedding()) {
            vector.add(value);
        }
        table.write(new Row(
                change.id(),
                change.source(),
                change.before(),
                change.after(),
                change.window().x(),
                change.window().y(),
                change.window().width(),
                change.window().height(),
                change.footprint()
                        .map(shape -> Binary.fromConstantByteArray(new WKBWriter().write(shape)))
                        .orElse(null),
                change.beforeDate().orElse(null),
                change.afterDate().orElse(null),
                change.changedFraction(),
                vector));
    }

    @Override
    public void close() throws IOException {
        table.close();
    }
}
