package dae.model;

import dae.graph.Param;
import dae.graph.Parameters;
import dae.tensor.Numbers;
import java.util.List;
import java.util.regex.Pattern;

/// Every network with an eighth of its usual channels and blocks, small enough for tests.
public final class SmallNetworks {
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  private SmallNetworks() {}

  public static List<Network> all() {
    return Networks.all().stream().map(network -> Networks.named(eighth(network.word()))).toList();
  }

  /// Networks of just enough channels for minimal filtering with stride 1, which computes blocks of
  /// 4×4 pixels together.
  public static List<Network> inWinogradsWay() {
    return List.of(
        Networks.named("edsr:16,1"),
        Networks.named("unet:16,16,32"),
        Networks.named("restore:16,2,16,16,16,16"));
  }

  /// Sets filters and biases of zeros, which would hide what is behind them, to small numbers.
  public static void awake(Parameters parameters) {
    for (Param param : parameters.all().values()) {
      boolean layer = param.name().endsWith("/kernel") || param.name().endsWith("/bias");
      if (layer && Numbers.norm(Numbers.doubles(parameters.get(param.name()))) == 0) {
        float[] values = Numbers.uniform(7, param.shape().size());
        for (int i = 0; i < values.length; i++) {
          values[i] *= 0.05f;
        }
        parameters.set(param.name(), values);
      }
    }
  }

  private static String eighth(String word) {
    return NUMBER
        .matcher(word)
        .replaceAll(size -> "" + Math.max(1, Integer.parseInt(size.group()) / 8));
  }
}
