package dae.noise;

import dae.image.Canvas;
import dae.random.Draws;

/// **Scratches**, `scratches`: thin lines where a film's or print's surface is gone.
///
/// *In words.* Grit in a camera, a projector or a drawer draws lines that are nearly straight,
/// taper towards their ends and skip: white where they go through to paper or clear film, black
/// where they scatter the light or went through a negative, coloured where only the upper layers of
/// a colour film are gone. Transport of film draws bundles of near-vertical ones.
///
/// *Formula.* A quadratic Bézier curve `(1−t)²·P + 2t(1−t)·Q + t²·R` through a random point of the
/// canvas; width `w·√(4t(1−t))`, opacity a drawn one per piece; blended, `x + α·(colour − x)`.
///
/// *Parameters.* Length 8 to 300 and width 0.5 to 4 pixels of a scan 768 wide ([Brush#unit]), short
/// and thin ones more often (u², u³), as scratches do not shrink with what is cut out of the scan.
/// One that is longer than the canvas crosses it, so the number grows with the side, not the area:
/// 1 to 1 + side / 20. Bundles p 0.3; opacity 0.4 to 1, less where it skips; white 0.6, black 0.2,
/// coloured 0.2. *Covers* 1.4 % of 64×64 pixels, 0.5 % of 256×256.
///
/// *Source*: most are as long as the 25 to 75 pixels counted on ten damaged film scans; compare
/// Ivanova et al., Simulating analogue film damage, Eurographics 2023. *Costs* a root for each
/// pixel of the bounding boxes of pieces of 4 pixels' length. *Proved* by `PaintersTest`.
record Scratches() implements Painter {
  /// Its word.
  static final String NAME = "scratches";

  private static final float BUNDLES = 0.3f;
  private static final float PIECE = 4;

  @Override
  public String word() {
    return NAME;
  }

  @Override
  public void paint(Canvas canvas, Draws draws) {
    Brush brush = new Brush(canvas);
    boolean bundle = draws.uniform() < BUNDLES;
    float middle = draws.uniform(0, canvas.width());
    float spread = draws.uniform(0.02f, 0.3f) * brush.side();
    int count = 1 + draws.below(1 + (int) (brush.side() / brush.unit() / 20));
    for (int i = 0; i < count; i++) {
      float x = draws.uniform(0, canvas.width());
      float y = draws.uniform(0, canvas.height());
      if (bundle) {
        x = middle + spread * draws.uniform(-1, 1);
        scratch(brush, x, y, draws.uniform(1.54f, 1.6f), 0.02f, draws);
      } else {
        scratch(brush, x, y, draws.uniform(0, 3.1416f), 0.15f, draws);
      }
      colour(brush, draws);
    }
  }

  /// One through (x, y), at an angle, its middle up to `bend` lengths beside the straight line.
  private static void scratch(Brush brush, float x, float y, float angle, float bend, Draws draws) {
    float along = draws.uniform();
    float longer = draws.uniform();
    float length = brush.unit() * (8 + 292 * longer * longer);
    float dx = length * (float) StrictMath.cos(angle);
    float dy = length * (float) StrictMath.sin(angle);
    float aside = draws.uniform(-bend, bend);
    float wider = draws.uniform();
    float width = brush.unit() * (0.5f + 3.5f * wider * wider * wider);
    float opacity = draws.uniform(0.4f, 1);
    float skips = draws.uniform();
    skips *= skips;

    float shift = 2 * along * (1 - along) * aside;
    float startX = x - along * dx + shift * dy;
    float startY = y - along * dy - shift * dx;
    int pieces = 2 + (int) (length / (PIECE * brush.unit()));
    brush.move(startX, startY, 0, opacity);
    for (int i = 1; i <= pieces; i++) {
      float t = (float) i / pieces;
      float across = 2 * t * (1 - t) * aside;
      brush.line(
          startX + t * dx - across * dy,
          startY + t * dy + across * dx,
          width * (float) Math.sqrt(4 * t * (1 - t)),
          opacity * (1 - skips * draws.uniform()));
    }
  }

  private static void colour(Brush brush, Draws draws) {
    float kind = draws.uniform();
    float grey = draws.uniform(0, 0.15f);
    if (kind < 0.6f) {
      brush.blend(1 - grey / 2, 1 - grey, 1 - grey);
    } else if (kind < 0.8f) {
      brush.blend(grey, grey, grey);
    } else {
      brush.blend(draws.uniform(), draws.uniform(), draws.uniform());
    }
  }
}
