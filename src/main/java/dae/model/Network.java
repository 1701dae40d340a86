package dae.model;

/// From noisy images to clean ones, at any size. [Networks] finds one by its [#word].
///
/// A network holds no weights: [#denoise] records it on the tape of a graph, and whoever opens a
/// plan of that graph brings the [dae.graph.Parameters].
public interface Network {
  /// As it stands in options, settings and model files, such as `article:32`.
  String word();

  /// Channels of an image: red, green and blue, unless a network says otherwise.
  default int channels() {
    return 3;
  }

  /// Height and width must be multiples of this.
  int multiple();

  /// How many pixels away, up, down or sideways, an input pixel can be that still changes an output
  /// pixel. Found by following the tape, unless a network knows better.
  ///
  /// @param block pixels of a map that a kernel computes together in each direction
  ///   ([dae.kernel.Backend#block]), so that what one of them depends on changes the last bits of
  ///   all; 1 where the bits do not matter
  default int reach(int block) {
    return Reach.of(this, block);
  }

  /// Whether [Seen#level] must be there.
  default boolean takesLevel() {
    return false;
  }

  /// Records the network: plain calls, its drawing in code.
  Cleaned denoise(Seen seen);
}
