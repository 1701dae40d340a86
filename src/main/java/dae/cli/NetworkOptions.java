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
      description = "The network, such as article:32 (default: article:32).")
  private String arch;

  @Option(
      names = "--width",
      paramLabel = "N",
      description = "Filters of the first layer, short for --arch article:N (default: 32).")
  private Integer width;

  /// The word of the network that was asked for, or the fallback.
  ///
  /// @throws UserError if it was asked for twice
  String word(String fallback) {
    if (arch != null && width != null) {
      throw new UserError(
          "network: expected --arch or --width, got both — --arch article:N says the same");
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
