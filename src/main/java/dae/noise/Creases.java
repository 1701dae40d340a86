package dae.noise;

import dae.image.Canvas;
import dae.random.Draws;

/// **Creases and tears**, `creases`: a print that was folded, and torn from its edges.
///
/// *In words.* Along a fold the paper stays raised: one flank lies in shadow, the other catches
/// light. On top the emulsion cracks off, unevenly, and bare paper shows. A tear runs jagged from
/// an edge, narrowing; its slanted side shows the white fibres of the paper, its gap is dark.
///
/// *Formula.* A fold is a line through a random point that wanders by `nᵢ = 0.95·nᵢ₋₁ + error`
/// pixels to its side. Three strokes run along it: shadow, `x·(1 − α)`; light, `x + 0.7α·(1 − x)`,
/// on the other side; paper, blended, its width and opacity drawn anew at each step. A tear is two
/// blended strokes: paper, and the gap along one side of it.
///
/// *Parameters.* In pixels of a scan 768 wide (see [Brush#unit]), as folds and paper do not shrink
/// with what is cut out of the scan: flanks of 2 to 6 with α 0.1 to 0.4, cracks of 0.5 to 2.5,
/// tears 2 to 8 wide, on small canvases at most a tenth of the side. A fold crosses the canvas (p
/// 0.7) or ends in it, so their number grows with the side: 1 to 1 + side / 128. Half of them lie
/// within 0.1 radians of the axes. Tears, 0 to 2, are 0.15 to 0.6 sides long, as they are only seen
/// where an edge is. *Covers* 3 % of 64×64 pixels, 1 % of 256×256.
///
/// *Source*: the look of scanned prints. *Costs* a root for each pixel of the bounding boxes of
/// pieces of 3 to 8 pixels' length. *Proved* by `PaintersTest`.
record Creases() implements Painter {
  /// Its word.
  static final String NAME = "creases";

  private static final float RIGHT_ANGLE = 1.5708f;

  @Override
  public String word() {
    return NAME;
  }

  @Override
  public void paint(Canvas canvas, Draws draws) {
    Brush brush = new Brush(canvas);
    int folds = 1 + draws.below(1 + (int) (brush.side() / brush.unit() / 128));
    for (int i = 0; i < folds; i++) {
      fold(brush, draws);
    }
    int tears = draws.below(3);
    for (int i = 0; i < tears; i++) {
      tear(brush, draws);
    }
  }

  private static void fold(Brush brush, Draws draws) {
    float unit = brush.unit();
    Line line = foldLine(brush, draws);
    float flank = unit * draws.uniform(2, 6);
    float shade = draws.uniform(0.1f, 0.4f);
    float aside = draws.uniform() < 0.5f ? flank / 2 : -flank / 2;

    brush.soften(Math.max(1, flank));
    line.draw(brush, aside, flank / 2, shade);
    brush.multiply(0, 0, 0);
    line.draw(brush, -aside, flank / 2, 0.7f * shade);
    brush.blend(1, 1, 1);
    brush.soften(1);
    line.crack(brush, unit * draws.uniform(0.5f, 2.5f), draws.uniform(0.3f, 1), draws);
    brush.blend(0.93f, 0.93f, 0.88f);
  }

  private static Line foldLine(Brush brush, Draws draws) {
    Canvas canvas = brush.canvas();
    float angle = RIGHT_ANGLE * draws.below(2) + draws.uniform(-0.1f, 0.1f);
    if (draws.uniform() < 0.5f) {
      angle = draws.uniform(0, 2 * RIGHT_ANGLE);
    }
    float c = (float) StrictMath.cos(angle);
    float s = (float) StrictMath.sin(angle);
    float x = draws.uniform(0, canvas.width());
    float y = draws.uniform(0, canvas.height());
    float step = brush.unit() * draws.uniform(3, 8);
    int across = 1 + (int) (Brush.length(canvas.width(), canvas.height()) / step);
    int behind = draws.uniform() < 0.7f ? across : draws.below(1 + across / 4);
    Line line = new Line(across + behind + 1, -s, c);
    float aside = 0;
    for (int i = 0; i < line.xs.length; i++) {
      float along = (i - behind) * step;
      line.xs[i] = x + along * c - aside * s;
      line.ys[i] = y + along * s + aside * c;
      aside = 0.95f * aside + brush.unit() * draws.uniform(-0.6f, 0.6f);
    }
    return line;
  }

  private static void tear(Brush brush, Draws draws) {
    float unit = brush.unit();
    Line line = tearLine(brush, draws);
    float width = Math.min(unit * draws.uniform(2, 8), 0.1f * brush.side());
    float paper = draws.uniform(0.8f, 0.97f);
    line.taper(brush, 0, width);
    brush.blend(paper, 0.98f * paper, 0.94f * paper);
    line.taper(brush, 0.4f * width, Math.min(width / 3, unit * draws.uniform(0.8f, 2)));
    brush.blend(0.15f, 0.13f, 0.12f);
  }

  private static Line tearLine(Brush brush, Draws draws) {
    Canvas canvas = brush.canvas();
    int edge = draws.below(4);
    float place = draws.uniform();
    float x = edge == 0 ? 0 : edge == 2 ? canvas.width() : place * canvas.width();
    float y = edge == 1 ? 0 : edge == 3 ? canvas.height() : place * canvas.height();
    float angle = RIGHT_ANGLE * edge + draws.uniform(-0.6f, 0.6f);
    float length = brush.side() * draws.uniform(0.15f, 0.6f);
    int steps = 2 + (int) (length / (4 * brush.unit()));
    float step = length / steps;
    Line line = new Line(steps + 1, -(float) StrictMath.sin(angle), (float) StrictMath.cos(angle));
    for (int i = 0; i <= steps; i++) {
      line.xs[i] = x;
      line.ys[i] = y;
      float turn = draws.uniform(-0.7f, 0.7f);
      x += step * (float) StrictMath.cos(angle + turn);
      y += step * (float) StrictMath.sin(angle + turn);
      angle += 0.15f * turn;
    }
    return line;
  }

  /// Points in a row, and the direction that is beside them.
  private static final class Line {
    final float[] xs;
    final float[] ys;
    final float besideX;
    final float besideY;

    Line(int points, float besideX, float besideY) {
      xs = new float[points];
      ys = new float[points];
      this.besideX = besideX;
      this.besideY = besideY;
    }

    void draw(Brush brush, float aside, float width, float opacity) {
      for (int i = 0; i < xs.length; i++) {
        to(brush, i, aside, width, opacity);
      }
    }

    void crack(Brush brush, float width, float opacity, Draws draws) {
      for (int i = 0; i < xs.length; i++) {
        float there = draws.uniform();
        to(brush, i, 0, there * width, there * opacity);
      }
    }

    /// Opaque, from full to no width; what is beside comes nearer.
    void taper(Brush brush, float aside, float width) {
      for (int i = 0; i < xs.length; i++) {
        float left = 1 - (float) i / (xs.length - 1);
        to(brush, i, left * aside, left * width, 1);
      }
    }

    private void to(Brush brush, int i, float aside, float width, float opacity) {
      float x = xs[i] + aside * besideX;
      float y = ys[i] + aside * besideY;
      if (i == 0) {
        brush.move(x, y, width, opacity);
      } else {
        brush.line(x, y, width, opacity);
      }
    }
  }
}
