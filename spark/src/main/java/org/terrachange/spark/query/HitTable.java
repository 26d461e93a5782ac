package org.terrachange.spark.query;

import com.jerolba.carpet.CarpetWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import tools.jackson.databind.SequenceWriter;
import tools.jackson.dataformat.csv.CsvMapper;

/// Tables of hits, by the ending of their name.
public enum HitTable {
    PARQUET {
        @Override
        void write(Path file, List<QueryHit> hits) throws IOException {
            try (CarpetWriter<QueryHit> table = new CarpetWriter.Builder<>(
                            new BufferedOutputStream(Files.newOutputStream(file), 1 << 16), QueryHit.class)
                    .withCompressionCodec(CompressionCodecName.ZSTD)
                    .build()) {
                for (QueryHit hit : hits) {
                    table.write(hit);
                }
            }
        }
    },
    CSV {
        @Override
        void write(Path file, List<QueryHit> hits) throws IOException {
            CsvMapper mapper = new CsvMapper();
            try (Writer text = Files.newBufferedWriter(file);
                    SequenceWriter table = mapper.writer(
                                    mapper.schemaFor(QueryHit.class).withHeader())
                            .writeValues(text)) {
                for (QueryHit hit : hits) {
                    table.write(hit);
                }
            }
        }
    };

    abstract void write(Path file, List<QueryHit> hits) throws IOException;

    /// The table that a file's name asks for.
    ///
    /// @throws IllegalArgumentException if it ends otherwise
    public static HitTable of(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(table -> name.endsWith("." + table.name().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        file + ": hits are written as .parquet or .csv; name the file so"));
    }
}
