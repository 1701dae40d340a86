package dae.lesson;

import dae.op.BatchNorm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The three ways from x to z in a batch norm of one channel, each with its share of dx.
final class NormPaths {
  private NormPaths() {}

  /// Shares of dx: through x itself, through μ, through v.
  static double[][] shares(double[] x, double gamma, double[] dz) {
    int M = x.length;
    double mean = Arrays.stream(x).sum() / M;
    double variance = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum() / M;
    double r = 1 / Math.sqrt(variance + BatchNorm.EPSILON);
    double[] normal = Arrays.stream(x).map(v -> (v - mean) * r).toArray();
    double dbeta = Arrays.stream(dz).sum();
    double dgamma = Example.dot(dz, normal);
    double[][] shares = new double[3][M];
    for (int i = 0; i < M; i++) {
      shares[0][i] = gamma * r * dz[i];
      shares[1][i] = -gamma * r * dbeta / M;
      shares[2][i] = -gamma * r * normal[i] * dgamma / M;
    }
    return shares;
  }

  static List<String> of(Worked worked) {
    double[][] s = shares(worked.part("x").values(), worked.part("γ").values()[0], worked.dy());
    String[] names = {"itself    γ·r·dz", "μ        −γ·r·dβ/M", "v        −γ·r·x̂·dγ/M"};
    double[] sum = new double[s[0].length];
    List<String> lines = new ArrayList<>();
    for (int path = 0; path < 3; path++) {
      lines.add(row(path == 0 ? "paths" : "", names[path], s[path]));
      for (int i = 0; i < sum.length; i++) {
        sum[i] += s[path][i];
      }
    }
    lines.add(row("", "together, dx", sum));
    double[] without = new double[sum.length];
    for (int i = 0; i < sum.length; i++) {
      without[i] = sum[i] - s[1][i];
    }
    lines.add(row("", "without μ (wrong)", without));
    return lines;
  }

  private static String row(String caption, String name, double[] values) {
    StringBuilder line = new StringBuilder(Grid.padded(caption, 11) + Grid.padded(name, 22));
    for (double value : values) {
      line.append("%9s".formatted(Grid.number(value)));
    }
    return line.toString();
  }
}
