package dae.report;

import dae.train.History;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// The run's curve, `loss.png`: training loss and validation MSE per epoch on a logarithmic axis.
/// [Drawing] writes it.
public final class LossPlot {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 540;

  private LossPlot() {}

  /// Draws a history; values that a logarithm cannot show are left out.
  public static BufferedImage of(History history) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("Training loss and validation error by epoch")
            .xAxisTitle("epoch")
            .yAxisTitle("logarithmic")
            .build();
    chart
        .getStyler()
        .setYAxisLogarithmic(true)
        .setYAxisLogarithmicDecadeOnly(false)
        .setYAxisDecimalPattern("0.0#####")
        .setLegendPosition(Styler.LegendPosition.OutsideS)
        .setChartBackgroundColor(Color.WHITE)
        .setLocale(Locale.ROOT);
    addSeries(chart, "training loss", history, History.Row::loss, new Color(0x1F77B4));
    addSeries(chart, "validation MSE", history, History.Row::valMse, new Color(0xD95F02));
    setBounds(chart, history);
    return BitmapEncoder.getBufferedImage(chart);
  }

  private static void addSeries(
      XYChart chart,
      String name,
      History history,
      ToDoubleFunction<History.Row> value,
      Color color) {
    List<History.Row> shown =
        history.rows().stream().filter(row -> hasLogarithm(value.applyAsDouble(row))).toList();
    if (shown.isEmpty()) {
      return;
    }
    double[] epochs = shown.stream().mapToDouble(History.Row::epoch).toArray();
    double[] values = shown.stream().mapToDouble(value).toArray();
    XYSeries series = chart.addSeries(name, epochs, values);
    series.setLineColor(color).setLineStyle(new BasicStroke(2));
    series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(color);
  }

  /// Ends the axis at values that are labelled, 1 to 9 times a power of ten: an axis that lies
  /// between two of them would have no label at all.
  private static void setBounds(XYChart chart, History history) {
    DoubleSummaryStatistics shown =
        history.rows().stream()
            .flatMapToDouble(row -> DoubleStream.of(row.loss(), row.valMse()))
            .filter(LossPlot::hasLogarithm)
            .summaryStatistics();
    if (shown.getCount() > 0) {
      chart.getStyler().setYAxisMin(leadingDigit(shown.getMin(), 0));
      chart.getStyler().setYAxisMax(leadingDigit(shown.getMax(), 1));
    }
  }

  private static boolean hasLogarithm(double value) {
    return value > 0 && Double.isFinite(value);
  }

  /// The value cut to its first digit, and that digit raised by `more`.
  private static double leadingDigit(double value, int more) {
    BigDecimal decimal = BigDecimal.valueOf(value).round(new MathContext(1, RoundingMode.DOWN));
    return decimal.add(decimal.ulp().multiply(BigDecimal.valueOf(more))).doubleValue();
  }
}
