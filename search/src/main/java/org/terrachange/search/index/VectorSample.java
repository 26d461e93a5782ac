package org.terrachange.search.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.util.Bits;

/// Some of the vectors of an index, evenly spread over it and the same ones each time.
final class VectorSample {
    private static final int SIZE = 1000;

    private VectorSample() {}

    static List<float[]> of(IndexReader reader, int dimension) throws IOException {
        long total = 0;
        for (LeafReaderContext leaf : reader.leaves()) {
            FloatVectorValues values = leaf.reader().getFloatVectorValues(ChangeDocument.EMBEDDING);
            total += values == null ? 0 : values.size();
        }
        List<float[]> sample = new ArrayList<>();
        long seen = 0;
        for (LeafReaderContext leaf : reader.leaves()) {
            FloatVectorValues values = leaf.reader().getFloatVectorValues(ChangeDocument.EMBEDDING);
            if (values == null) {
                continue;
            }
            Bits live = leaf.reader().getLiveDocs();
            KnnVectorValues.DocIndexIterator documents = values.iterator();
            for (int document = documents.nextDoc();
                    document != KnnVectorValues.DocIndexIterator.NO_MORE_DOCS;
                    document = documents.nextDoc()) {
                boolean chosen = total <= SIZE || seen * SIZE / total != (seen + 1) * SIZE / total;
                seen++;
                if (chosen && (live == null || live.get(document))) {
                    float[] vector = values.vectorValue(documents.index());
                    sample.add(Arrays.copyOf(vector, dimension));
                }
            }
        }
        return sample;
    }
}
