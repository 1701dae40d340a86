package dae.noise;

import dae.image.Canvas;
import dae.random.Draws;

/// **Pen and marker**, `marker`: strokes of a hand on a print.
///
/// *In words.* A ball pen draws thin, a felt marker broad, both nearly opaque in a dark colour; a
/// highlighter takes some colours away and lets the picture show through. A hand draws a line,
/// loops, or to and fro.
///
/// *Formula.* The pen heads from point to point and turns off half-way to the next: quadratic
/// Bézier curves from middle to middle, with the points as control points. Pens are blended, `x +
/// α·(ink − x)`; highlighters multiply, `x · (1 − α·(1 − light))`, once for a whole stroke, so that
/// it does not darken where it crosses itself.
///
/// *Parameters.* 1 to 3 strokes on any canvas, of 3 to 12 points: pen (p 0.25) 1 to 3 wide, marker
/// (p 0.25) 5 to 16, highlighter (p 0.5) 10 to 25, in pixels of a scan 768 wide ([Brush#unit]), as
/// pens do not shrink with what is cut out of the scan, but at most 0.15 sides, so that a small
/// patch keeps something to restore it from. Steps are 0.1 to 0.5 sides times 0.6 to 1.4, since a
/// stroke is aimed at what is seen. α from 0.7 (highlighter), 0.8 (pen) or 0.85 to 1. *Covers* 10 %
/// of 64×64 pixels, 4 % of 256×256.
///
/// *Source*: the look of pens on prints. *Costs* a root for each pixel of the bounding boxes of
/// pieces of up to 8 pixels' length. *Proved* by `PaintersTest`.
record Marker() implements Painter {
  /// Its word.
  static final String NAME = "marker";

  private static final float[][] INKS = {
    {0.08f, 0.08f, 0.1f}, {0.1f, 0.15f, 0.5f}, {0.75f, 0.1f, 0.12f}, {0.05f, 0.4f, 0.2f}
  };
  private static final float[][] LIGHTS = {
    {1, 0.96f, 0.25f}, {0.6f, 1, 0.4f}, {1, 0.5f, 0.75f}, {1, 0.75f, 0.3f}, {0.45f, 0.85f, 1}
  };

  /// How a hand turns from point to point, in radians: on in a line, in loops, to and fro.
  private static final float[] TURNS = {0, 1.2f, 2.7f};

  @Override
  public String word() {
    return NAME;
  }

  @Override
  public void paint(Canvas canvas, Draws draws) {
    Brush brush = new Brush(canvas);
    int count = 1 + draws.below(3);
    for (int i = 0; i < count; i++) {
      float kind = draws.uniform();
      if (kind < 0.25f) {
        stroke(brush, width(brush, 1, 3, draws), 0.8f, draws);
        ink(brush, draws);
      } else if (kind < 0.5f) {
        stroke(brush, width(brush, 5, 16, draws), 0.85f, draws);
        ink(brush, draws);
      } else {
        stroke(brush, width(brush, 10, 25, draws), 0.7f, draws);
        float[] light = LIGHTS[draws.below(LIGHTS.length)];
        brush.multiply(light[0], light[1], light[2]);
      }
    }
  }

  private static float width(Brush brush, float thin, float wide, Draws draws) {
    return Math.min(brush.unit() * draws.uniform(thin, wide), 0.15f * brush.side());
  }

  /// The points are what the pen heads for; it turns off half-way to the next.
  private static void stroke(Brush brush, float width, float faint, Draws draws) {
    Canvas canvas = brush.canvas();
    float x = draws.uniform(0, canvas.width());
    float y = draws.uniform(0, canvas.height());
    float opacity = draws.uniform(faint, 1);
    float reach = brush.side() * draws.uniform(0.1f, 0.5f);
    float angle = draws.uniform(0, 6.2832f);
    float turn = TURNS[draws.below(TURNS.length)];
    boolean swing = turn > 2;
    int points = 3 + draws.below(10);
    brush.move(x, y, width, opacity);
    for (int i = 1; i < points; i++) {
      float step = reach * draws.uniform(0.6f, 1.4f);
      float nextX = x + step * (float) StrictMath.cos(angle);
      float nextY = y + step * (float) StrictMath.sin(angle);
      float wide = width * draws.uniform(0.85f, 1.15f);
      brush.curve(x, y, (x + nextX) / 2, (y + nextY) / 2, wide, opacity);
      x = nextX;
      y = nextY;
      angle += turn + draws.uniform(-0.3f, 0.3f);
      turn = swing ? -turn : turn;
    }
  }

  private static void ink(Brush brush, Draws draws) {
    float[] ink = INKS[draws.below(INKS.length)];
    float pale = draws.uniform(0, 0.1f);
    brush.blend(ink[0] + pale, ink[1] + pale, ink[2] + pale);
  }
}
