package org.terrachange.detect.train;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.terrachange.raster.image.PngWriter;

/// Draws how a run went: training loss and validation scores over the crops seen.
final class Curves {
    private Curves() {}

    /// @param points of the validations so far, in order; nothing is drawn where there is none
    static void draw(List<MetricsLog.Point> points, Path file) throws IOException {
        if (points.isEmpty()) {
            return;
        }
        XYChart chart = new XYChartBuilder()
                .width(1000)
                .height(600)
                .title("Training")
                .xAxisTitle("steps")
                .yAxisTitle("loss, scores of the change class")
                .build();
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE).setChartBackgroundColor(Color.WHITE);
        List<Long> steps = points.stream().map(MetricsLog.Point::step).toList();
        series(
                chart,
                "training loss",
                steps,
                points.stream().map(MetricsLog.Point::loss).toList());
        series(
                chart,
                "validation F1",
                steps,
                points.stream().map(MetricsLog.Point::f1).toList());
        series(
                chart,
                "validation precision",
                steps,
                points.stream().map(MetricsLog.Point::precision).toList());
        series(
                chart,
                "validation recall",
                steps,
                points.stream().map(MetricsLog.Point::recall).toList());
        PngWriter.write(file, BitmapEncoder.getBufferedImage(chart));
    }

    private static void series(XYChart chart, String name, List<Long> steps, List<Double> values) {
        chart.addSeries(name, steps, values).setMarker(SeriesMarkers.CIRCLE);
    }
}
