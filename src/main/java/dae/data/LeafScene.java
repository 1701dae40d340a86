package dae.data;

import dae.random.Draws;
import dae.random.Normals;
import dae.random.Streams;

/// One dead-leaves picture: discs of random size, place and surface, each hiding what lies behind.
///
/// - Radii have density ∝ r⁻³ between two bounds: such a scene looks the same at every scale, and
///   its edges, occlusions and power spectrum are those of natural images.
/// - Painted from front to back until nothing shows through: later discs fill only what is still
///   empty, so this is an exact sample of the stationary model, and no pixel is painted twice.
/// - Drawn at twice the size and averaged 2×2, so that edges are smooth as a lens leaves them.
///
/// Only exactly defined arithmetic is used, so the picture has the same bytes on every machine.
final class LeafScene {
  /// Rows and columns of the finished picture.
  static final int SIDE = 256;

  private static final int OVERSAMPLING = 2;
  private static final int FINE = SIDE * OVERSAMPLING;
  private static final float SMALLEST = 3f * OVERSAMPLING;
  private static final float LARGEST = 128f * OVERSAMPLING;

  private final Draws draws;
  private final LeafTexture texture;
  private final boolean[] covered = new boolean[FINE * FINE];
  private final float[] sums = new float[SIDE * SIDE * Images.CHANNELS];
  private int uncovered = FINE * FINE;

  LeafScene(long seed, int number, LeafTexture texture) {
    this.draws = new Draws(seed, Streams.LEAVES, number, 0);
    this.texture = texture;
  }

  /// Draws the picture: interleaved RGB, [#SIDE] × [#SIDE].
  byte[] paint() {
    while (uncovered > 0) {
      float radius = radius();
      float x = draws.uniform(-LARGEST, FINE + LARGEST);
      float y = draws.uniform(-LARGEST, FINE + LARGEST);
      if (x + radius > 0 && x - radius < FINE && y + radius > 0 && y - radius < FINE) {
        paint(new Leaf(x, y, radius, draws));
      }
    }
    byte[] picture = new byte[sums.length];
    for (int i = 0; i < picture.length; i++) {
      picture[i] = (byte) (int) (sums[i] * (255f / (OVERSAMPLING * OVERSAMPLING)) + 0.5f);
    }
    return picture;
  }

  /// The inverse of P(R ≤ r) = (a⁻² − r⁻²) / (a⁻² − b⁻²) for density ∝ r⁻³ on [a, b].
  private float radius() {
    float ratio = SMALLEST / LARGEST;
    float rest = 1 - draws.uniform() * (1 - ratio * ratio);
    return (float) (SMALLEST / Math.sqrt(rest));
  }

  private void paint(Leaf leaf) {
    int top = Math.max(0, (int) (leaf.y - leaf.radius));
    int bottom = Math.min(FINE - 1, (int) (leaf.y + leaf.radius));
    for (int row = top; row <= bottom; row++) {
      float dy = row + 0.5f - leaf.y;
      float rest = leaf.radius * leaf.radius - dy * dy;
      if (rest > 0) {
        float half = (float) Math.sqrt(rest);
        int left = Math.max(0, (int) Math.ceil(leaf.x - half - 0.5f));
        int right = Math.min(FINE - 1, (int) Math.floor(leaf.x + half - 0.5f));
        for (int column = left; column <= right; column++) {
          if (!covered[row * FINE + column]) {
            covered[row * FINE + column] = true;
            uncovered--;
            shade(leaf, row, column, column + 0.5f - leaf.x, dy);
          }
        }
      }
    }
  }

  private void shade(Leaf leaf, int row, int column, float dx, float dy) {
    int u = (int) (dx * leaf.ux + dy * leaf.uy) + leaf.u0;
    int v = (int) (dx * leaf.vx + dy * leaf.vy) + leaf.v0;
    float light = dx * leaf.lightX + dy * leaf.lightY + leaf.contrast * texture.at(u, v);
    int at = (row / OVERSAMPLING * SIDE + column / OVERSAMPLING) * Images.CHANNELS;
    sums[at] += Math.clamp(leaf.red + light, 0f, 1f);
    sums[at + 1] += Math.clamp(leaf.green + light, 0f, 1f);
    sums[at + 2] += Math.clamp(leaf.blue + light, 0f, 1f);
  }

  /// One disc and its surface: a colour, a slope of light across it, and a stretched, turned piece
  /// of the texture. Colours keep near grey, more along blue to yellow than along green to purple,
  /// and most surfaces are calm: as in nature.
  private static final class Leaf {
    final float x;
    final float y;
    final float radius;
    final float red;
    final float green;
    final float blue;
    final float lightX;
    final float lightY;
    final float contrast;
    final float ux;
    final float uy;
    final float vx;
    final float vy;
    final int u0;
    final int v0;

    Leaf(float x, float y, float radius, Draws draws) {
      this.x = x;
      this.y = y;
      this.radius = radius;
      float grey = draws.uniform(0.05f, 0.95f);
      float warm = square(draws.uniform()) * draws.uniform(-0.5f, 0.5f);
      float leafy = square(draws.uniform()) * draws.uniform(-0.25f, 0.25f);
      red = grey + warm - leafy;
      green = grey + leafy;
      blue = grey - warm - leafy;
      int lightFrom = draws.word() >>> 8;
      float slope = draws.uniform() * 0.25f / radius;
      lightX = slope * Normals.cosTurn(lightFrom);
      lightY = slope * Normals.sinTurn(lightFrom);
      contrast = square(draws.uniform()) * 0.6f;
      int turned = draws.word() >>> 8;
      float alongU = draws.uniform(0.2f, 2f) * 65536;
      float alongV = draws.uniform(0.2f, 2f) * 65536;
      ux = alongU * Normals.cosTurn(turned);
      uy = alongU * Normals.sinTurn(turned);
      vx = -alongV * Normals.sinTurn(turned);
      vy = alongV * Normals.cosTurn(turned);
      u0 = draws.word();
      v0 = draws.word();
    }

    private static float square(float value) {
      return value * value;
    }
  }
}
