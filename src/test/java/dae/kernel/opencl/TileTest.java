package dae.kernel.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.kernel.Conv2dSpec;
import dae.kernel.Epilogue;
import dae.kernel.Needs;
import dae.kernel.Pass;
import dae.kernel.Workspace;
import dae.kernel.Write;
import dae.tensor.Numbers;
import dae.tensor.Shape;
import dae.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How a product is cut changes its speed but not one bit.
class TileTest {
  private static final int N = 3;

  @Test
  void noTileChangesABit() {
    try (ClBackend backend = TestDevice.open()) {
      for (Conv2dSpec s :
          List.of(Conv2dSpec.same(17, 15, 20, 36, 3, 2), Conv2dSpec.same(40, 36, 5, 3, 3, 1))) {
        for (Pass pass : Pass.values()) {
          float[] first = null;
          for (Tile tile : Tile.ALL) {
            if (tile.fits(pass, backend.context().device())) {
              float[] now = product(backend, s, pass, tile);
              first = first == null ? now : first;
              assertArrayEquals(first, now, s + " " + pass + " " + tile);
            }
          }
          assertNotNull(first);
        }
      }
    }
  }

  private static float[] product(ClBackend backend, Conv2dSpec s, Pass pass, Tile tile) {
    Tensor x = tensor(backend, s.x(), N),
        y = tensor(backend, s.y(), N),
        w = tensor(backend, s.w(), 1);
    Needs needs = backend.conv().needs(s, pass, N);
    Tensor scratch = tensor(backend, Shape.vector((int) Math.max(1, needs.scratch())), 1);
    Workspace workspace = new Workspace(scratch, null, () -> 1);
    backend.products().use(s, pass, N, tile);
    switch (pass) {
      case FORWARD -> backend.conv().forward(s, N, x, w, y, Write.SET, Epilogue.NONE, workspace);
      case BACKWARD_INPUT ->
          backend.conv().backwardInput(s, N, y, w, x, Write.SET, Epilogue.NONE, workspace);
      case BACKWARD_FILTER -> backend.conv().backwardFilter(s, N, x, y, w, Write.SET, workspace);
    }
    Tensor result = pass == Pass.FORWARD ? y : pass == Pass.BACKWARD_INPUT ? x : w;
    int n = result == w ? 1 : N;
    float[] values = new float[n * result.shape().size()];
    backend.download(result, n, values, 0);
    return values;
  }

  private static Tensor tensor(ClBackend backend, Shape shape, int n) {
    Tensor tensor = Tensor.dense(backend.allocate((long) n * shape.size()), 0, shape);
    backend.upload(Numbers.uniform(shape.size(), n * shape.size()), 0, tensor, n);
    return tensor;
  }

  /// On a data-centre GPU of 132 units, and on one of 16.
  @Test
  void everyProductHasATileAndLargeOnesFillTheDevice() {
    for (int units : new int[] {16, 132}) {
      Device device = device(units);
      for (int channels : new int[] {1, 3, 5, 32, 33, 64, 256}) {
        for (long rows : new long[] {1, 27, 64, 1000, 131_072}) {
          for (Pass pass : Pass.values()) {
            Tile tile = Tile.choose(pass, rows, channels, 1, device);
            assertNotNull(tile, pass + " " + rows + "×" + channels);
            assertTrue(tile.fits(pass, device));
            assertEquals(tile, Tile.parse(tile.toString()));
          }
        }
      }
      Tile large = Tile.choose(Pass.FORWARD, 131_072, 64, 1, device);
      assertTrue(large.m() * large.n() >= 64 * 64, "" + large);
      assertEquals(4, Tile.choose(Pass.FORWARD, 131_072, 3, 1, device).n());
    }
  }

  /// What was reserved for a plan's capacity must do for any fewer images: fewer pixels can make
  /// more slices, since slices are rounded up.
  @Test
  void fewerImagesNeverTakeMoreRoom() {
    try (ClBackend backend = TestDevice.open()) {
      for (int side : new int[] {2, 4, 8, 16, 32}) {
        Conv2dSpec s = Conv2dSpec.same(side, side, 3, 5, 3, 1);
        int pixels = side * side;
        for (int capacity = 1; capacity <= 600; capacity++) {
          long scratch = backend.conv().needs(s, Pass.BACKWARD_FILTER, capacity).scratch();
          long slices = Math.max(1, scratch / s.w().size());
          int chunks = ClChannel.wantedChunks(capacity * pixels);
          for (int n = 1; n <= capacity; n++) {
            assertTrue(ClConv.Slices.of(n * pixels).count() <= slices, n + " of " + capacity);
            assertTrue(ClChannel.chunks(n * pixels) <= chunks, n + " of " + capacity);
          }
        }
      }
    }
  }

  private static Device device(int units) {
    return new Device(
        "0.0", "GPU", "1", true, false, units, 1024, 48 << 10, 1L << 34, 1L << 32, true);
  }
}
