package dae.cli;

import dae.UserError;
import dae.model.Network;
import dae.model.Networks;
import picocli.CommandLine.Option;

/// Which network a command is about.
final class NetworkOptions {
  @Option(
      names = "--arch",
      paramLabel = "WORD",
      description = "Word of the network (default: " + Networks.DEFAULT + ").")
  private String arch;

  @Option(
      names = "--width",
      paramLabel = "N",
      description =
          "Filters of the first layer of the article's network, short for its word (default: 32).")
  private Integer width;

  /// Whether one was asked for.
  boolean given() {
    return arch != null || width != null;
  }

  /// The word of the network that was asked for, or the fallback.
  ///
  /// @throws UserError if it was asked for twice
  String word(String fallback) {
    if (arch != null && width != null) {
      throw new UserError("network: expected --arch or --width, got both — leave one of them out");
    }
    return arch != null ? arch : width != null ? Networks.ofWidth(width) : fallback;
  }

  /// The network that was asked for, or the article's.
  ///
  /// @throws UserError if there is no such network
  Network network() {
    return Networks.named(word(Networks.DEFAULT));
  }
}
