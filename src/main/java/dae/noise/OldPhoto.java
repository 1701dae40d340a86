package dae.noise;

import dae.image.Canvas;
import dae.random.Draws;
import java.util.List;

/// **An old photo**, `old-photo`: all that can have happened to it.
///
/// *In words.* A print is folded, stained, scratched or written on; most have one sort of damage,
/// some several, and what lies on the scanner's glass comes last. Some stay whole, so that a
/// network learns to leave these alone. With more sorts at once it would hear of the worst only:
/// fine scratches count for nothing beside a stain. [Fade] is not among it: how much contrast a
/// picture once had cannot be seen in it, and a network that must guess changes whole ones too.
/// `fade+old-photo` has both.
///
/// *Formula.* One canvas in ten is left as it is; else of [Creases], [Stains], [Scratches],
/// [Marker] and [Dust], painted in this order, one is certain, and each of the others there with p
/// 0.2. Lengths and numbers are theirs. *Covers* 10 % of 64×64 pixels, 4 % of 256×256.
///
/// *Source*: families drawn independently, as in Wan et al., Bringing Old Photos Back to Life, CVPR
/// 2020, and Real-ESRGAN's chains. *Costs* a third of what they cost together. *Proved* by
/// `PaintersTest`.
record OldPhoto() implements Painter {
  /// Its word.
  static final String NAME = "old-photo";

  private static final float WHOLE = 0.1f;
  private static final float EACH = 0.2f;
  private static final List<Painter> KINDS =
      List.of(new Creases(), new Stains(), new Scratches(), new Marker(), new Dust());

  @Override
  public String word() {
    return NAME;
  }

  @Override
  public void paint(Canvas canvas, Draws draws) {
    if (draws.uniform() < WHOLE) {
      return;
    }
    int certain = draws.below(KINDS.size());
    for (int i = 0; i < KINDS.size(); i++) {
      if (draws.uniform() < EACH || i == certain) {
        KINDS.get(i).paint(canvas, draws);
      }
    }
  }
}
