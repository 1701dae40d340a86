package dae.graph;

import java.util.HashMap;
import java.util.Map;

/// What changes from run to run: how many images there are, their bytes, and the key of the random
/// draws. A plan and all its steps share one.
final class Feed {
  private final Map<Bytes, byte[]> bytes = new HashMap<>();
  int n;
  long seed;
  int epoch;
  int[] images;

  void set(Bytes input, byte[] pixels) {
    bytes.put(input, pixels);
  }

  byte[] get(Bytes input) {
    byte[] pixels = bytes.get(input);
    if (pixels == null) {
      throw new IllegalStateException(
          "plan: expected the bytes of " + input + ", got none — feed them before a run");
    }
    return pixels;
  }
}
