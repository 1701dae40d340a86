package dae.noise;

import dae.image.Canvas;
import dae.random.Draws;

/// **Dust and hairs**, `dust`: what lay on the film, the print or the scanner's glass.
///
/// *In words.* Specks of any shape and curled fibres hide what is under them. Dust on a negative
/// leaves white places on the print, dust on the print dark or pale ones, so most scans have one
/// sort only.
///
/// *Formula.* A speck is a border of 3 to 6 harmonics ([Brush.Border]); a hair is a line of 12
/// steps whose turn changes evenly and a little by chance. Both are blended, `x + α·(grey − x)`.
///
/// *Parameters.* Specks of 1 to 4 pixels across, hairs 5 to 45 long and 0.6 to 1.6 wide, in pixels
/// of a scan 768 wide ([Brush#unit]), as dust does not shrink with what is cut out of the scan.
/// Specks, 1 to 1 + area / 270, few more often than many (u²), lie where they fall, so their number
/// grows with the area; hairs, 0 to 1 + side / 32, with the side, as they reach in from outside.
/// That is denser than on scans, where all damage is well under 1 %, so that a patch has some. α
/// from 0.6 (hairs 0.5) to 1; the share of dark ones is 0 in half of the pictures and 1 in a sixth.
/// *Covers* 1 % of 64×64 pixels, 0.6 % of 256×256.
///
/// *Source*: sizes as counted on ten damaged film scans; compare Ivanova et al., Simulating
/// analogue film damage, Eurographics 2023. *Costs* a root for each pixel of a speck's and of a
/// hair's pieces' bounding boxes. *Proved* by `PaintersTest`.
record Dust() implements Painter {
  /// Its word.
  static final String NAME = "dust";

  private static final int STEPS = 12;

  @Override
  public String word() {
    return NAME;
  }

  @Override
  public void paint(Canvas canvas, Draws draws) {
    Brush brush = new Brush(canvas);
    float side = brush.side() / brush.unit();
    float dark = Math.clamp(3 * draws.uniform() - 1.5f, 0f, 1f);
    float dirt = draws.uniform();
    int specks = 1 + (int) (dirt * dirt * side * side / 270);
    for (int i = 0; i < specks; i++) {
      float u = draws.uniform();
      brush.blob(
          draws.uniform(0, canvas.width()),
          draws.uniform(0, canvas.height()),
          brush.unit() * (0.5f + 1.5f * u * u),
          Brush.Border.of(0.6f, draws),
          draws.uniform(0.6f, 1));
      colour(brush, dark, draws);
    }
    int hairs = draws.below(2 + (int) (side / 32));
    for (int i = 0; i < hairs; i++) {
      hair(brush, draws.uniform(0, canvas.width()), draws.uniform(0, canvas.height()), draws);
      colour(brush, dark, draws);
    }
  }

  private static void hair(Brush brush, float x, float y, Draws draws) {
    float unit = brush.unit();
    float step = unit * draws.uniform(5, 45) / STEPS;
    float width = unit * draws.uniform(0.6f, 1.6f);
    float opacity = draws.uniform(0.5f, 1);
    float angle = draws.uniform(0, 6.2832f);
    float turn = draws.uniform(-0.3f, 0.3f);
    float change = draws.uniform(-0.05f, 0.05f);
    brush.move(x, y, width / 2, opacity);
    for (int i = 1; i <= STEPS; i++) {
      x += step * (float) StrictMath.cos(angle);
      y += step * (float) StrictMath.sin(angle);
      brush.line(x, y, i < STEPS ? width : width / 2, opacity);
      angle += turn + draws.uniform(-0.15f, 0.15f);
      turn += change;
    }
  }

  private static void colour(Brush brush, float dark, Draws draws) {
    float grey = draws.uniform(0, 0.2f);
    if (draws.uniform() >= dark) {
      brush.blend(1 - grey, 1 - grey, 1 - grey);
    } else {
      brush.blend(grey, grey, grey);
    }
  }
}
