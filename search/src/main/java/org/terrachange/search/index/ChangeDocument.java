package org.terrachange.search.index;

import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.DoublePoint;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.LatLonShape;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.ShapeField.QueryRelation;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKBReader;
import org.locationtech.jts.io.WKBWriter;
import org.terrachange.raster.Window;

/// How changes and their sources stand in Lucene's documents, and how filters ask for them.
///
/// A source has one document of its own, with its stamp, so that a pair without any window is known too.
final class ChangeDocument {
    /// On the documents of changes and on that of their source: what is replaced together carries it.
    static final String SOURCE = "source";
    static final String ID = "id";
    static final String EMBEDDING = "embedding";
    static final String CAPTION = "caption";
    static final String STAMP = "stamp";

    private static final String BEFORE = "before";
    private static final String AFTER = "after";
    private static final String WINDOW = "window";
    private static final String FOOTPRINT = "footprint";
    private static final String BEFORE_DATE = "before_date";
    private static final String AFTER_DATE = "after_date";
    private static final String FIRST_DAY = "first_day";
    private static final String LAST_DAY = "last_day";
    private static final String CHANGED_FRACTION = "changed_fraction";
    private static final String CHANGED_AREA = "changed_area";
    private static final String POLYGONS = "polygons";
    private static final String KIND = "kind";
    private static final String KIND_SOURCE = "source";
    private static final String KIND_CHANGE = "change";

    private ChangeDocument() {}

    static Document ofSource(String source, String stamp) {
        Document document = new Document();
        document.add(new StringField(KIND, KIND_SOURCE, Field.Store.NO));
        document.add(new StringField(SOURCE, source, Field.Store.YES));
        document.add(new StoredField(STAMP, stamp));
        return document;
    }

    static Document of(EmbeddedChange embedded) {
        ChangeRecord change = embedded.change();
        Document document = new Document();
        document.add(new StringField(KIND, KIND_CHANGE, Field.Store.NO));
        document.add(new StringField(ID, change.id(), Field.Store.YES));
        document.add(new StringField(SOURCE, change.source(), Field.Store.YES));
        document.add(new KnnFloatVectorField(EMBEDDING, embedded.embedding(), VectorSimilarityFunction.DOT_PRODUCT));
        document.add(new StoredField(BEFORE, change.before()));
        document.add(new StoredField(AFTER, change.after()));
        Window window = change.window();
        for (int number : new int[] {window.x(), window.y(), window.width(), window.height()}) {
            document.add(new StoredField(WINDOW, number));
        }
        change.footprint().ifPresent(shape -> addFootprint(document, shape));
        change.beforeDate().ifPresent(day -> document.add(new StoredField(BEFORE_DATE, day.toEpochDay())));
        change.afterDate().ifPresent(day -> document.add(new StoredField(AFTER_DATE, day.toEpochDay())));
        change.beforeDate()
                .or(change::afterDate)
                .ifPresent(day -> document.add(new LongPoint(FIRST_DAY, day.toEpochDay())));
        change.afterDate()
                .or(change::beforeDate)
                .ifPresent(day -> document.add(new LongPoint(LAST_DAY, day.toEpochDay())));
        document.add(new DoublePoint(CHANGED_FRACTION, change.changedFraction()));
        document.add(new StoredField(CHANGED_FRACTION, change.changedFraction()));
        change.changedArea().ifPresent(area -> document.add(new StoredField(CHANGED_AREA, area)));
        change.polygons().ifPresent(text -> document.add(new StoredField(POLYGONS, text)));
        change.captions().forEach(caption -> document.add(new TextField(CAPTION, caption, Field.Store.YES)));
        return document;
    }

    private static void addFootprint(Document document, Geometry shape) {
        document.add(new StoredField(FOOTPRINT, new WKBWriter().write(shape)));
        for (int i = 0; i < shape.getNumGeometries(); i++) {
            Polygon polygon = (Polygon) shape.getGeometryN(i);
            org.apache.lucene.geo.Polygon[] holes = new org.apache.lucene.geo.Polygon[polygon.getNumInteriorRing()];
            Arrays.setAll(holes, hole -> ring(polygon.getInteriorRingN(hole)));
            for (Field field : LatLonShape.createIndexableFields(FOOTPRINT, ring(polygon.getExteriorRing(), holes))) {
                document.add(field);
            }
        }
    }

    private static org.apache.lucene.geo.Polygon ring(LinearRing ring, org.apache.lucene.geo.Polygon... holes) {
        Coordinate[] corners = ring.getCoordinates();
        return new org.apache.lucene.geo.Polygon(
                Arrays.stream(corners).mapToDouble(Coordinate::getY).toArray(),
                Arrays.stream(corners).mapToDouble(Coordinate::getX).toArray(),
                holes);
    }

    /// The change that a document of an index holds.
    ///
    /// @throws IOException if the document is damaged
    static ChangeRecord read(Document document) throws IOException {
        try {
            int[] window = Arrays.stream(document.getFields(WINDOW))
                    .mapToInt(field -> number(field).intValue())
                    .toArray();
            BytesRef footprint = document.getBinaryValue(FOOTPRINT);
            IndexableField area = document.getField(CHANGED_AREA);
            List<String> captions = new ArrayList<>(List.of(document.getValues(CAPTION)));
            return new ChangeRecord(
                    text(document, ID),
                    text(document, SOURCE),
                    text(document, BEFORE),
                    text(document, AFTER),
                    new Window(window[0], window[1], window[2], window[3]),
                    footprint == null
                            ? Optional.empty()
                            : Optional.of(new WKBReader()
                                    .read(Arrays.copyOfRange(
                                            footprint.bytes, footprint.offset, footprint.offset + footprint.length))),
                    day(document.getField(BEFORE_DATE)),
                    day(document.getField(AFTER_DATE)),
                    number(document.getField(CHANGED_FRACTION)).doubleValue(),
                    area == null
                            ? OptionalDouble.empty()
                            : OptionalDouble.of(number(area).doubleValue()),
                    Optional.ofNullable(document.get(POLYGONS)),
                    captions);
        } catch (ParseException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException("a record of the index is damaged: " + e.getMessage(), e);
        }
    }

    private static String text(Document document, String field) {
        String text = document.get(field);
        if (text == null) {
            throw new IllegalArgumentException("it has no " + field);
        }
        return text;
    }

    private static Optional<LocalDate> day(@Nullable IndexableField field) {
        return field == null
                ? Optional.empty()
                : Optional.of(LocalDate.ofEpochDay(number(field).longValue()));
    }

    private static Number number(@Nullable IndexableField field) {
        Number number = field == null ? null : field.numericValue();
        if (number == null) {
            throw new IllegalArgumentException("a number is missing");
        }
        return number;
    }

    /// The document of a source.
    static Query sourceQuery(String source) {
        return new BooleanQuery.Builder()
                .add(sources(), Occur.FILTER)
                .add(new TermQuery(new Term(SOURCE, source)), Occur.FILTER)
                .build();
    }

    /// The documents of all sources.
    static Query sources() {
        return new TermQuery(new Term(KIND, KIND_SOURCE));
    }

    /// The documents of all changes.
    static Query changes() {
        return new TermQuery(new Term(KIND, KIND_CHANGE));
    }

    /// What a filter asks for; empty where it lets everything pass.
    static Optional<Query> query(SearchFilter filter) {
        BooleanQuery.Builder all = new BooleanQuery.Builder();
        filter.box()
                .ifPresent(box -> all.add(
                        LatLonShape.newBoxQuery(
                                FOOTPRINT, QueryRelation.INTERSECTS, box.south(), box.north(), box.west(), box.east()),
                        Occur.FILTER));
        filter.from()
                .ifPresent(day ->
                        all.add(LongPoint.newRangeQuery(LAST_DAY, day.toEpochDay(), Long.MAX_VALUE), Occur.FILTER));
        filter.to()
                .ifPresent(day ->
                        all.add(LongPoint.newRangeQuery(FIRST_DAY, Long.MIN_VALUE, day.toEpochDay()), Occur.FILTER));
        filter.minChangedFraction()
                .ifPresent(least -> all.add(
                        DoublePoint.newRangeQuery(CHANGED_FRACTION, least, Double.POSITIVE_INFINITY), Occur.FILTER));
        filter.source().ifPresent(source -> all.add(new TermQuery(new Term(SOURCE, source)), Occur.FILTER));
        BooleanQuery query = all.build();
        return query.clauses().isEmpty() ? Optional.empty() : Optional.of(query);
    }
}
