package dae.noise;

import dae.UserError;
import dae.graph.Value;
import dae.image.Canvas;
import dae.random.Draws;
import dae.random.Key;
import dae.random.Streams;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The damage that a network learns to undo: kinds of it, one after the other. It is found by its
/// [#word] in [Noises], and drawn from the key of a run ([dae.graph.Plan#key]): the same image in
/// the same epoch gets the same damage.
///
/// Up to the last [Painter] all is painted on the image's bytes before the engine sees them
/// ([#paint]); the kinds behind it, which look at one pixel at a time, are kernels ([#on]).
public final class Noise {
  private final List<Kind> kinds;
  private final int painted;

  /// @param kinds at least one, in the order in which they come
  Noise(List<Kind> kinds) {
    this.kinds = List.copyOf(kinds);
    int last = 0;
    for (int step = 0; step < kinds.size(); step++) {
      last = kinds.get(step) instanceof Painter ? step + 1 : last;
    }
    painted = last;
  }

  /// As it stands in options, settings and model files, such as `gaussian:0.1` or
  /// `scratches+gaussian:0.04`.
  public String word() {
    return kinds.stream().map(Kind::word).collect(Collectors.joining("+"));
  }

  /// Whether it begins with what pictures bring along.
  public boolean ofPairs() {
    return kinds.getFirst() instanceof Pairs;
  }

  /// Whether anything is painted before the engine sees an image.
  public boolean paints() {
    return painted > 0;
  }

  /// Paints what comes before the engine.
  ///
  /// @param canvas changed in place
  /// @param seed with epoch and image the key of what is drawn
  public void paint(Canvas canvas, long seed, int epoch, int image) {
    paint(canvas, painted, seed, epoch, image);
  }

  /// Paints all, with the bits that painting and kernels together have, but for the rounding to
  /// bytes in between.
  ///
  /// @param canvas changed in place
  /// @param seed with epoch and image the key of what is drawn
  public void paintAll(Canvas canvas, long seed, int epoch, int image) {
    paint(canvas, kinds.size(), seed, epoch, image);
  }

  private void paint(Canvas canvas, int steps, long seed, int epoch, int image) {
    for (int step = 0; step < steps; step++) {
      switch (kinds.get(step)) {
        case Pixelwise noise -> noise.paint(canvas.rgb(), Key.of(seed, epoch, image, step));
        case Painter painter ->
            painter.paint(canvas, new Draws(seed, Streams.at(Streams.DAMAGE, step), image, epoch));
      }
    }
  }

  /// Records the rest.
  ///
  /// @param image N×H×W×C from 0 to 1, painted on
  /// @return the same shape and range
  public Value on(Value image) {
    Value noisy = image;
    for (int step = painted; step < kinds.size(); step++) {
      noisy = ((Pixelwise) kinds.get(step)).on(noisy, step);
    }
    return noisy;
  }

  /// How strong white noise is among it; nothing where it is of another kind alone.
  public Optional<Levels> levels() {
    return kinds.size() > 1
        ? Optional.empty()
        : switch (kinds.getFirst()) {
          case GaussianNoise(Range sigma) -> Optional.of(new Levels(sigma.low(), sigma.high()));
          case Real _ -> Optional.of(new Levels(0, Real.MOST));
          default -> Optional.empty();
        };
  }

  /// Records how strong the damage is.
  ///
  /// @param clean N×H×W×C from 0 to 1
  /// @return N×H×W×1 in units of the full range
  /// @throws UserError where that cannot be said in numbers
  public Value level(Value clean) {
    if (kinds.size() == 1 && kinds.getFirst() instanceof Pixelwise noise) {
      return noise.level(clean, 0);
    }
    throw new UserError(
        "noise: expected one that knows its level at each pixel, got "
            + word()
            + " — take another, or a network that does not ask for it");
  }
}
