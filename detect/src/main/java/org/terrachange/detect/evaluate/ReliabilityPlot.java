package org.terrachange.detect.evaluate;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.terrachange.detect.model.Calibration;
import org.terrachange.raster.image.PngWriter;

/// Draws observed over stated frequency of change. Honest probabilities lie on the diagonal.
public final class ReliabilityPlot {
    private ReliabilityPlot() {}

    /// Draws the probabilities as they were collected, and, where another temperature is given, as it would
    /// make them.
    public static void draw(Reliability reliability, Calibration calibration, Path file) throws IOException {
        XYChart chart = new XYChartBuilder()
                .width(700)
                .height(700)
                .title("Reliability")
                .xAxisTitle("stated probability of change")
                .yAxisTitle("share of pixels that changed")
                .build();
        chart.getStyler().setXAxisMin(0.0);
        chart.getStyler().setXAxisMax(1.0);
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setYAxisMax(1.0);
        chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNW).setChartBackgroundColor(Color.WHITE);
        chart.addSeries("honest", List.of(0, 1), List.of(0, 1))
                .setMarker(SeriesMarkers.NONE)
                .setLineColor(Color.GRAY)
                .setLineStyle(new BasicStroke(1));
        series(chart, "as stated", reliability, Calibration.NONE);
        if (!calibration.equals(Calibration.NONE)) {
            series(chart, "calibrated", reliability, calibration);
        }
        PngWriter.write(file, BitmapEncoder.getBufferedImage(chart));
    }

    private static void series(XYChart chart, String name, Reliability reliability, Calibration calibration) {
        List<Reliability.Group> groups = reliability.groups(calibration);
        if (groups.isEmpty()) {
            return;
        }
        String label = String.format(Locale.ROOT, "%s: error %.4f", name, reliability.calibrationError(calibration));
        chart.addSeries(
                        label,
                        groups.stream().map(Reliability.Group::stated).toList(),
                        groups.stream().map(Reliability.Group::observed).toList())
                .setMarker(SeriesMarkers.CIRCLE);
    }
}
