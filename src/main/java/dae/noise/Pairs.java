package dae.noise;

import dae.image.Canvas;
import dae.random.Draws;

/// **Real damage**, `pairs`: each picture comes with a damaged partner, which the reader has put on
/// the canvas already.
///
/// *In words.* Nothing is drawn. What follows in a chain, as in `pairs+jpeg:50`, is added to the
/// partner. *Proved* by `PairsTest`.
record Pairs() implements Painter {
  @Override
  public String word() {
    return Noises.PAIRS;
  }

  @Override
  public void paint(Canvas canvas, Draws draws) {}
}
