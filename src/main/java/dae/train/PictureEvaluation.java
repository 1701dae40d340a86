package dae.train;

import dae.file.Reason;
import dae.image.Picture;
import dae.train.PictureResult.Covered;
import dae.train.PictureResult.Quality;
import dae.train.PictureResult.Shift;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// Measures a model on whole pictures of any size, as papers do: noisy and denoised pictures are
/// rounded to 8 bits, as files hold them. One picture is in memory at a time.
///
/// What was measured is kept when the model fails in between, and [#measure] goes on from there.
public final class PictureEvaluation {
  private final PictureSet set;
  private final List<PictureResult> results = new ArrayList<>();
  private int next;

  /// @param set what to measure on
  public PictureEvaluation(PictureSet set) {
    this.set = set;
  }

  /// What it measures on.
  public PictureSet set() {
    return set;
  }

  /// Measures all pictures that were not measured before.
  ///
  /// @param model makes a cleaned picture of a noisy one
  /// @param makeRoom lets the model give memory back, where a picture needs it to be read
  /// @param done hears of each picture
  /// @param unread hears which picture was left out, and why
  /// @return all that was measured, in the pictures' order; nothing where none could be read
  public List<PictureResult> measure(
      UnaryOperator<Picture> model,
      Runnable makeRoom,
      Consumer<PictureResult> done,
      BiConsumer<String, String> unread) {
    List<String> names = set.names();
    for (; next < names.size(); next++) {
      String name = names.get(next);
      PictureSet.Sample sample;
      try {
        sample = set.read(next, makeRoom);
      } catch (IOException e) {
        unread.accept(name, Reason.of(e));
        continue;
      }
      PictureResult result = measure(name, sample, model);
      results.add(result);
      done.accept(result);
    }
    return List.copyOf(results);
  }

  private static PictureResult measure(
      String name, PictureSet.Sample sample, UnaryOperator<Picture> model) {
    int height = sample.height();
    int width = sample.width();
    Picture noisy = new Picture(height, width, floats(sample.noisy()), null);
    long start = System.nanoTime();
    Picture cleaned = model.apply(noisy);
    double seconds = (System.nanoTime() - start) / 1e9;
    byte[] denoised = rounded(cleaned.rgb());
    return new PictureResult(
        name,
        height,
        width,
        Quality.of(sample.clean(), sample.noisy(), height, width),
        Quality.of(sample.clean(), denoised, height, width),
        Shift.of(sample.clean(), denoised),
        sample.cover() == null ? null : Covered.of(sample, denoised),
        seconds);
  }

  /// As a [Picture] holds them.
  static float[] floats(byte[] bytes) {
    float[] floats = new float[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      floats[i] = (bytes[i] & 0xFF) / 255f;
    }
    return floats;
  }

  private static byte[] rounded(float[] values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Math.round(255 * Math.clamp(values[i], 0f, 1f));
    }
    return bytes;
  }
}
