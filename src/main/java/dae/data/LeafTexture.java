package dae.data;

import dae.random.Draws;

/// A tile of fractal noise in [−1, 1] that repeats without seams: what the leaves' surfaces show.
///
/// Value noise: random heights on grids of 4, 8 … 128 points, interpolated, each finer grid at 0.7
/// of the coarser one's height, so that there is some contrast at every scale, as in nature.
final class LeafTexture {
  /// Points along each side; a power of two, so that a mask wraps coordinates.
  private static final int SIDE = 256;

  private static final int FRACTION_BITS = 16;
  private static final float FRACTION = 0x1p-16f;

  private final float[] heights = new float[SIDE * SIDE];

  LeafTexture(long seed, int stream) {
    float amplitude = 1;
    for (int grid = 4; grid < SIDE; grid *= 2) {
      add(grid, amplitude, new Draws(seed, stream, 0, grid));
      amplitude *= 0.7f;
    }
    float highest = 0;
    for (float height : heights) {
      highest = Math.max(highest, Math.abs(height));
    }
    for (int i = 0; i < heights.length; i++) {
      heights[i] /= highest;
    }
  }

  private void add(int grid, float amplitude, Draws draws) {
    float[] lattice = new float[grid * grid];
    for (int i = 0; i < lattice.length; i++) {
      lattice[i] = draws.uniform(-amplitude, amplitude);
    }
    int step = (grid << FRACTION_BITS) / SIDE;
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        heights[y * SIDE + x] += sample(lattice, grid, x * step, y * step);
      }
    }
  }

  /// The height at (x, y), in 1/65,536 of a point, wrapped around.
  float at(int x, int y) {
    return sample(heights, SIDE, x, y);
  }

  /// Bilinear interpolation; `side` is a power of two.
  private static float sample(float[] values, int side, int x, int y) {
    int x0 = x >> FRACTION_BITS & side - 1;
    int y0 = (y >> FRACTION_BITS & side - 1) * side;
    int x1 = x0 + 1 & side - 1;
    int y1 = y0 + side & side * side - 1;
    float fx = (x & 0xFFFF) * FRACTION;
    float fy = (y & 0xFFFF) * FRACTION;
    float top = values[y0 + x0] + fx * (values[y0 + x1] - values[y0 + x0]);
    float bottom = values[y1 + x0] + fx * (values[y1 + x1] - values[y1 + x0]);
    return top + fy * (bottom - top);
  }
}
