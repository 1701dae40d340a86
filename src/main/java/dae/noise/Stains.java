package dae.noise;

import dae.image.Canvas;
import dae.noise.Brush.Border;
import dae.random.Draws;

/// **Stains**, `stains`: coffee that was spilt, and the rings of its cups.
///
/// *In words.* Where a drop dries, its border is pinned and evaporates fastest, so the flow carries
/// the grains outwards: a dark rim, sharp outside, soft inside, around a pale middle. A cup leaves
/// only the rim. Coffee lets light through, red the most.
///
/// *Formula.* r(θ) is a border of 3 to 6 harmonics ([Brush.Border]), δ how far inside a pixel is:
///
///     d = strength · (fill·(1 + slope) + 0.7·heavy(θ)·exp(−δ / w)),   y = x · Tᵈ
///
/// Tᵈ is Beer and Lambert's law, one T for each channel; slope is linear, as the liquid pools;
/// heavy(θ) = max(0.1, 1 + a·cos θ + b·sin θ). exp(−δ) is taken as (1 + δ/8)⁻⁸, and Tᵈ from a
/// table with straight lines between.
///
/// *Parameters.* 1 to 3 on any canvas; cup rings (p 0.4) with a radius of 0.2 to 0.5 sides, a rim w
/// of 0.02 to 0.08 radii and fill to 0.08, nearly round; spills with 0.05 to 0.35 sides, small ones
/// more often, 0.05 to 0.2 radii, fill 0.15 to 0.5, and up to 5 drops around. T runs from (0.63,
/// 0.45, 0.2) to (0.95, 0.83, 0.7), strength from 0.7 to 1.5. A side is that of a square with the
/// area of the picture that the canvas is cut out of ([Brush#pictureSide]), because a cup is about
/// as large as a print. The border of each, its drops' aside, passes by a random point of the
/// canvas: a piece that is brown all over teaches nothing. Its edge is 1 to 2.5 pixels of a scan
/// 768 wide ([Brush#unit]), as paper draws it, and w at least one. *Covers* 14 % of 64×64 pixels,
/// 8 % of 256×256.
///
/// *Source*: Deegan et al., Capillary flow as the cause of ring stains from dried liquid drops,
/// Nature 389, 1997. *Costs* a root, a division and 3 to 6 complex products for each pixel of a
/// stain's bounding box. *Proved* by `PaintersTest`.
record Stains() implements Painter {
  /// Its word.
  static final String NAME = "stains";

  private static final float RINGS = 0.4f;

  /// From this many widths inwards on, the rim adds less than 0.001.
  private static final float RIM = 12;

  @Override
  public String word() {
    return NAME;
  }

  @Override
  public void paint(Canvas canvas, Draws draws) {
    Brush brush = new Brush(canvas);
    Coffee coffee = new Coffee(draws);
    float side = brush.pictureSide(draws);
    int count = 1 + draws.below(3);
    for (int i = 0; i < count; i++) {
      boolean ring = draws.uniform() < RINGS;
      float u = draws.uniform();
      float radius = side * (ring ? 0.2f + 0.3f * u : 0.05f + 0.3f * u * u);
      float angle = draws.uniform(0, 6.2832f);
      float x = draws.uniform(0, canvas.width()) + radius * (float) StrictMath.cos(angle);
      float y = draws.uniform(0, canvas.height()) + radius * (float) StrictMath.sin(angle);
      if (ring) {
        float rim = draws.uniform(0.02f, 0.08f);
        float fill = draws.uniform(0, 0.08f);
        stain(brush, x, y, radius, rim, fill, 0.06f, coffee, draws);
      } else {
        float rim = draws.uniform(0.05f, 0.2f);
        stain(brush, x, y, radius, rim, draws.uniform(0.15f, 0.5f), 0.35f, coffee, draws);
        splash(brush, x, y, radius, coffee, draws);
      }
    }
  }

  /// Drops around a stain, the farther the smaller.
  private static void splash(
      Brush brush, float x, float y, float radius, Coffee coffee, Draws draws) {
    int drops = draws.below(6);
    for (int i = 0; i < drops; i++) {
      float angle = draws.uniform(0, 6.2832f);
      float far = radius * draws.uniform(1.2f, 2.5f);
      float dropX = x + far * (float) StrictMath.cos(angle);
      float dropY = y + far * (float) StrictMath.sin(angle);
      float size = Math.max(brush.unit(), radius * radius / far * draws.uniform(0.03f, 0.2f));
      stain(brush, dropX, dropY, size, 0.25f, 0.4f, 0.3f, coffee, draws);
    }
  }

  /// @param rim how far the dark rim reaches inwards, in radii
  /// @param fill how much has dried inside
  /// @param rough how far the border is from a circle
  private static void stain(
      Brush brush,
      float x,
      float y,
      float radius,
      float rim,
      float fill,
      float rough,
      Coffee coffee,
      Draws draws) {
    Canvas canvas = brush.canvas();
    Border border = Border.of(rough, draws);
    float heavyX = draws.uniform(-0.8f, 0.8f);
    float heavyY = draws.uniform(-0.8f, 0.8f);
    float slopeX = draws.uniform(-0.6f, 0.6f) / radius;
    float slopeY = draws.uniform(-0.6f, 0.6f) / radius;
    float width = Math.max(brush.unit(), rim * radius);
    float strength = draws.uniform(0.7f, 1.5f);
    float soft = brush.unit() * draws.uniform(1, 2.5f);
    float reach = radius * border.largest() + soft / 2;
    int bottom = Brush.last(y + reach, canvas.height());
    int end = Brush.last(x + reach, canvas.width());
    for (int row = Brush.first(y - reach); row <= bottom; row++) {
      float dy = row + 0.5f - y;
      for (int column = Brush.first(x - reach); column <= end; column++) {
        float dx = column + 0.5f - x;
        float distance = Brush.length(dx, dy);
        if (distance > reach) {
          continue;
        }
        float scale = distance > 0 ? 1 / distance : 0;
        float c = dx * scale;
        float s = dy * scale;
        float inside = radius * border.at(c, s) - distance;
        float wet = Math.min(inside / soft + 0.5f, 1);
        if (wet > 0) {
          float dried = fill * (1 + slopeX * dx + slopeY * dy);
          float depth = Math.max(0, inside) / width;
          if (depth < RIM) {
            dried += 0.7f * Math.max(0.1f, 1 + heavyX * c + heavyY * s) * decay(depth);
          }
          coffee.multiply(canvas, row * canvas.width() + column, wet * strength * dried);
        }
      }
    }
  }

  /// Nearly exp(−x), in exactly defined steps: (1 + x/8)⁻⁸.
  private static float decay(float x) {
    float base = 1 / (1 + x / 8);
    float square = base * base;
    float fourth = square * square;
    return fourth * fourth;
  }

  /// What a layer of coffee lets through, T^d, from a table over d.
  private static final class Coffee {
    private static final int STEPS = 16;
    private static final int LARGEST = 2;

    private final float[] table = new float[3 * (LARGEST * STEPS + 2)];

    Coffee(Draws draws) {
      float pale = draws.uniform(0.2f, 0.9f);
      float red = 0.55f + 0.4f * (pale + draws.uniform(0, 0.1f));
      float green = 0.4f + 0.45f * (pale + draws.uniform(-0.1f, 0.05f));
      float blue = 0.2f + 0.5f * (pale + draws.uniform(-0.2f, 0.1f));
      for (int i = 0; i < table.length; i += 3) {
        double d = (double) (i / 3) / STEPS;
        table[i] = (float) StrictMath.pow(red, d);
        table[i + 1] = (float) StrictMath.pow(green, d);
        table[i + 2] = (float) StrictMath.pow(blue, d);
      }
    }

    void multiply(Canvas canvas, int pixel, float thickness) {
      float place = STEPS * Math.clamp(thickness, 0f, (float) LARGEST);
      int at = 3 * (int) place;
      float t = place - (int) place;
      canvas.multiply(pixel, between(at, t), between(at + 1, t), between(at + 2, t));
    }

    private float between(int at, float t) {
      return table[at] + t * (table[at + 3] - table[at]);
    }
  }
}
