package org.tornadomae.bench.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.tornadomae.nn.UserException;

/// A chart as PNG: one curve, or one group of bars, per series.
public final class Plot {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 560;

    private final String key;
    private final String title;
    private final String x;
    private final String y;
    private final boolean bars;
    private final Map<String, Map<String, Double>> series = new LinkedHashMap<>();

    private Plot(String key, String title, String x, String y, boolean bars) {
        this.key = key;
        this.title = title;
        this.x = x;
        this.y = y;
        this.bars = bars;
    }

    /// Points joined by lines over a numeric axis.
    public static Plot lines(String key, String title, String x, String y) {
        return new Plot(key, title, x, y, false);
    }

    /// Bars over named things.
    public static Plot bars(String key, String title, String x, String y) {
        return new Plot(key, title, x, y, true);
    }

    /// Java's charts need a font. Call it before hours of measuring.
    ///
    /// @throws UserException when the system has none
    static void requireFonts() {
        try {
            new Font(Font.SANS_SERIF, Font.PLAIN, 12).getStringBounds("0", new FontRenderContext(null, true, true));
        } catch (RuntimeException | LinkageError | InternalError e) {
            throw new UserException("plots need a font and this system has none: install fontconfig and one "
                    + "(Debian: apt-get install fontconfig fonts-dejavu-core), or give --no-plots", e);
        }
    }

    /// Adds a point or a bar to a series.
    ///
    /// @param xValue a number where points are joined by lines, else a name
    public Plot point(String seriesName, Object xValue, double yValue) {
        series.computeIfAbsent(seriesName, _ -> new LinkedHashMap<>()).put(String.valueOf(xValue), yValue);
        return this;
    }

    String title() {
        return title;
    }

    /// The file's name in a report.
    String file(String report) {
        return report + "-" + key + ".png";
    }

    void save(Path file) throws IOException {
        Chart<?, ?> chart = bars ? barChart() : lineChart();
        Files.write(file, ChartEncoder.getBytes(chart, "png"));
    }

    private Chart<?, ?> lineChart() {
        XYChart chart =
                new XYChartBuilder().width(WIDTH).height(HEIGHT).title(title).xAxisTitle(x).yAxisTitle(y).build();
        style(chart.getStyler()).setLegendPosition(LegendPosition.InsideNW);
        chart.getStyler().setXAxisMin(0.0);
        series.forEach((name, points) -> chart.addSeries(name, points.keySet().stream().map(Double::valueOf).toList(),
                new ArrayList<>(points.values())).setMarker(SeriesMarkers.CIRCLE));
        return chart;
    }

    private Chart<?, ?> barChart() {
        List<String> names = series.values().stream().flatMap(points -> points.keySet().stream()).distinct().toList();
        CategoryChart chart =
                new CategoryChartBuilder().width(Math.max(WIDTH, 36 * names.size())).height(HEIGHT).title(title)
                        .xAxisTitle(x).yAxisTitle(y).build();
        style(chart.getStyler()).setLegendPosition(LegendPosition.OutsideS).setLegendLayout(LegendLayout.Horizontal);
        // a name under every bar
        chart.getStyler().setXAxisLabelRotation(names.size() > 6 ? 70 : 0).setXAxisTickMarkSpacingHint(1);
        series.forEach((name, points) -> chart.addSeries(name, names,
                names.stream().map(at -> points.getOrDefault(at, 0.0)).toList()));
        return chart;
    }

    private AxesChartStyler style(AxesChartStyler styler) {
        styler.setChartBackgroundColor(Color.WHITE).setLegendVisible(series.size() > 1);
        return styler.setYAxisMin(0.0).setYAxisDecimalPattern("#,##0.###");
    }
}
