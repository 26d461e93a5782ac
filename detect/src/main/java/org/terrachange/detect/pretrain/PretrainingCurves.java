package org.terrachange.detect.pretrain;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.terrachange.raster.image.PngWriter;

/// Draws how a pretraining run went: the contrastive loss on the left axis, what the probes found on the right.
final class PretrainingCurves {
    private PretrainingCurves() {}

    static void draw(List<PretrainingPoint> points, Path file) throws IOException {
        XYChart chart = new XYChartBuilder()
                .width(1000)
                .height(600)
                .title("Pretraining")
                .xAxisTitle("images seen")
                .yAxisTitle("NT-Xent loss")
                .build();
        chart.setYAxisGroupTitle(1, "balanced accuracy of the probes");
        chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE).setChartBackgroundColor(Color.WHITE);
        series(chart, "loss", points, PretrainingPoint::loss, 0);
        if (points.getFirst().linear() >= 0) {
            series(chart, "nearest neighbours", points, PretrainingPoint::neighbours, 1);
            series(chart, "linear probe", points, PretrainingPoint::linear, 1);
        }
        PngWriter.write(file, BitmapEncoder.getBufferedImage(chart));
    }

    private static void series(
            XYChart chart,
            String name,
            List<PretrainingPoint> points,
            ToDoubleFunction<PretrainingPoint> value,
            int axis) {
        chart.addSeries(
                        name,
                        points.stream().map(PretrainingPoint::samples).toList(),
                        points.stream().map(value::applyAsDouble).toList())
                .setMarker(SeriesMarkers.CIRCLE)
                .setYAxisGroup(axis);
    }
}
