package dae.kernel.simd;

import dae.kernel.Conv2dSpec;
import dae.kernel.Pass;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Sorts the pixels that a product makes into classes that see the same taps at the same distances.
///
/// Along one axis, output o sums over the pairs (tap, source). Two outputs are of one class if
/// their taps are the same and their sources lie at the same distances from the first of them. For
/// a forward pass this separates the borders (where `same` padding takes taps away) from the
/// interior; for the input gradient of a stride-s convolution it also separates the s parities,
/// each of which has its own taps. A class of pixels is a class of rows times a class of columns.
/// Within a class a product is dense: no zero is ever multiplied.
final class PixelClasses {
  /// Outputs along one axis that see the same taps.
  ///
  /// @param outputs their indices
  /// @param first the source of each one's first tap
  /// @param distances of the sources from the first, ascending from 0
  /// @param taps the tap of each distance
  private record AxisClass(int[] outputs, int[] first, int[] distances, int[] taps) {}

  /// Pixels that see the same taps.
  ///
  /// @param rows output rows
  /// @param columns output columns
  /// @param sourceRows source row of each one's first tap
  /// @param sourceColumns source column of each one's first tap
  /// @param distances of the sources from the first, in pixels of the source image, ascending
  /// @param taps position of each distance's tap in the packed filter
  record PixelClass(
      int[] rows,
      int[] columns,
      int[] sourceRows,
      int[] sourceColumns,
      int[] distances,
      int[] taps) {
    int pixels() {
      return rows.length * columns.length;
    }
  }

  private PixelClasses() {}

  /// The classes of a pass that makes images.
  static List<PixelClass> of(Conv2dSpec s, Pass pass) {
    return pass == Pass.FORWARD ? forward(s) : backwardInput(s);
  }

  /// The classes of the forward pass: y's pixels, sources in x. Tap (kh, kw) is at position kh·KW +
  /// kw.
  private static List<PixelClass> forward(Conv2dSpec s) {
    int[][] rows = new int[s.oh()][s.kh()];
    int[][] columns = new int[s.ow()][s.kw()];
    for (int o = 0; o < s.oh(); o++) {
      for (int k = 0; k < s.kh(); k++) {
        rows[o][k] = inside(o * s.stride() - s.padTop() + k, s.ih());
      }
    }
    for (int o = 0; o < s.ow(); o++) {
      for (int k = 0; k < s.kw(); k++) {
        columns[o][k] = inside(o * s.stride() - s.padLeft() + k, s.iw());
      }
    }
    return cross(axis(rows), axis(columns), s.iw(), s.kw());
  }

  /// The classes of the input gradient: dx's pixels, sources in dy. The sources descend as the taps
  /// ascend, so the filter is packed in reverse: tap (kh, kw) is at position (KH − 1 − kh)·KW + (KW
  /// − 1 − kw).
  private static List<PixelClass> backwardInput(Conv2dSpec s) {
    int[][] rows = new int[s.ih()][s.kh()];
    int[][] columns = new int[s.iw()][s.kw()];
    for (int i = 0; i < s.ih(); i++) {
      for (int k = 0; k < s.kh(); k++) {
        rows[i][s.kh() - 1 - k] = divided(i + s.padTop() - k, s.stride(), s.oh());
      }
    }
    for (int i = 0; i < s.iw(); i++) {
      for (int k = 0; k < s.kw(); k++) {
        columns[i][s.kw() - 1 - k] = divided(i + s.padLeft() - k, s.stride(), s.ow());
      }
    }
    return cross(axis(rows), axis(columns), s.ow(), s.kw());
  }

  private static int inside(int i, int extent) {
    return i >= 0 && i < extent ? i : -1;
  }

  private static int divided(int i, int stride, int extent) {
    return i >= 0 && i % stride == 0 && i / stride < extent ? i / stride : -1;
  }

  /// @param sources source of each output and tap, −1 for none
  private static List<AxisClass> axis(int[][] sources) {
    Map<List<Integer>, List<Integer>> groups = new LinkedHashMap<>();
    for (int o = 0; o < sources.length; o++) {
      List<Integer> key = new ArrayList<>();
      int first = -1;
      for (int k = 0; k < sources[o].length; k++) {
        if (sources[o][k] >= 0) {
          first = first < 0 ? sources[o][k] : first;
          key.add(k);
          key.add(sources[o][k] - first);
        }
      }
      groups.computeIfAbsent(key, g -> new ArrayList<>()).add(o);
    }
    List<AxisClass> classes = new ArrayList<>();
    groups.forEach((key, outputs) -> {
      int[] taps = new int[key.size() / 2];
      int[] distances = new int[taps.length];
      for (int t = 0; t < taps.length; t++) {
        taps[t] = key.get(2 * t);
        distances[t] = key.get(2 * t + 1);
      }
      int[] at = outputs.stream().mapToInt(Integer::intValue).toArray();
      int[] first = new int[at.length];
      for (int i = 0; i < at.length; i++) {
        first[i] = taps.length == 0 ? 0 : sources[at[i]][taps[0]];
      }
      classes.add(new AxisClass(at, first, distances, taps));
    });
    return classes;
  }

  private static List<PixelClass> cross(
      List<AxisClass> rows, List<AxisClass> columns, int sourceWidth, int kw) {
    List<PixelClass> classes = new ArrayList<>();
    for (AxisClass row : rows) {
      for (AxisClass column : columns) {
        int n = row.taps.length * column.taps.length;
        int[] distances = new int[n];
        int[] taps = new int[n];
        for (int i = 0; i < n; i++) {
          int r = i / column.taps.length;
          int c = i % column.taps.length;
          distances[i] = row.distances[r] * sourceWidth + column.distances[c];
          taps[i] = row.taps[r] * kw + column.taps[c];
        }
        classes.add(
            new PixelClass(row.outputs, column.outputs, row.first, column.first, distances, taps));
      }
    }
    return classes;
  }
}
