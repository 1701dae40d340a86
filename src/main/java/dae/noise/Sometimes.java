package dae.noise;

import dae.image.Canvas;
import dae.random.Draws;

/// **A share of the pictures**, such as `stains:0.3`: damage that three of ten pictures get and the
/// others do not, so that a recipe of several says how often each comes.
///
/// @param painter of the damage
/// @param share of the pictures, 0 to 1
record Sometimes(Painter painter, double share) implements Painter {
  /// @param text the share
  /// @throws dae.UserError if it is no number, or below 0 or above 1
  static Painter of(Painter painter, String text) {
    String got = painter.word() + ":" + text;
    double share = Noises.number(text, painter.word() + ":SHARE, such as 0.3", got);
    Noises.require(share, 0, 1);
    return new Sometimes(painter, share);
  }

  @Override
  public String word() {
    return painter.word() + ":" + Noises.text(share);
  }

  @Override
  public void paint(Canvas canvas, Draws draws) {
    if (draws.uniform() < share) {
      painter.paint(canvas, draws);
    }
  }
}
