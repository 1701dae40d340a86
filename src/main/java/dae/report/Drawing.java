package dae.report;

import dae.image.Png;
import java.awt.AWTError;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;

/// Draws a picture and writes it as PNG. Drawing fails in many ways on a machine without fonts or a
/// graphics library; here they all become one exception, so that a run can warn and go on.
public final class Drawing {
  private Drawing() {}

  /// @param picture how to draw it, such as `() -> LossPlot.of(history)`
  /// @throws IOException one line, when it cannot be drawn or written; an old file stays intact
  public static void write(Supplier<BufferedImage> picture, Path target) throws IOException {
    BufferedImage image;
    try {
      image = picture.get();
    } catch (RuntimeException | LinkageError | InternalError | AWTError e) {
      throw new IOException("cannot draw " + target + ": " + e, e);
    }
    Png.write(image, target);
  }
}
