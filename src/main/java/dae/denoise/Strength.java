package dae.denoise;

import dae.image.Picture;

/// How much of what a model changes is taken over: in + all · (out − in), its brightness and its
/// colours scaled apart.
///
/// @param all from 0, the picture as it was, over 1, as the model makes it, to [#MOST]
/// @param luma scales the change of Y (ITU-R BT.601)
/// @param chroma scales the change of Cb and Cr
/// @since 0.1.0
public record Strength(double all, double luma, double chroma) {
  /// As the model makes it.
  public static final Strength FULL = new Strength(1, 1, 1);

  /// Beyond it the change would be another picture's.
  public static final double MOST = 1.5;

  private static final double RED = 0.299;
  private static final double GREEN = 0.587;
  private static final double BLUE = 0.114;

  /// Checks all three.
  ///
  /// @throws IllegalArgumentException if one is not within 0 and [#MOST]
  public Strength {
    for (double each : new double[] {all, luma, chroma}) {
      if (!(each >= 0 && each <= MOST)) {
        throw new IllegalArgumentException("Strength: expected 0 to " + MOST + ", got " + each);
      }
    }
  }

  /// Whether pictures stay as they are.
  ///
  /// @return whether nothing of a change is taken over
  public boolean isNone() {
    return all == 0 || luma == 0 && chroma == 0;
  }

  /// Takes over a part of a change.
  ///
  /// @param in values of pixels as they were
  /// @param out the same as the model makes them; overwritten
  /// @param at where the first is in `out`
  /// @param count pixels
  void apply(float[] in, float[] out, int at, int count) {
    if (equals(FULL)) {
      return;
    }
    for (int i = 0; i < count * Picture.CHANNELS; i += Picture.CHANNELS) {
      int o = at + i;
      double red = (double) out[o] - in[i];
      double green = (double) out[o + 1] - in[i + 1];
      double blue = (double) out[o + 2] - in[i + 2];
      // Cb and Cr are differences to Y: what is left of a change without its Y is theirs.
      double y = RED * red + GREEN * green + BLUE * blue;
      out[o] = (float) (in[i] + all * (luma * y + chroma * (red - y)));
      out[o + 1] = (float) (in[i + 1] + all * (luma * y + chroma * (green - y)));
      out[o + 2] = (float) (in[i + 2] + all * (luma * y + chroma * (blue - y)));
    }
  }
}
