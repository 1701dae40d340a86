package dae.noise;

import static dae.noise.Drawn.drawn;

import dae.graph.Value;
import dae.image.Picture;
import dae.kernel.PixelNoise;
import dae.random.Key;

/// **Salt and pepper**, `salt-pepper:0.05`: pixels that are dead or saturated.
///
/// *In words.* A share of the pixels is lost, half of it to black, half to white, with all channels
/// at once; the others stay as they are.
///
/// *Shapes.* x, y: N×H×W×C.
///
/// *Forward.* For each pixel one u from 0 to 1: `y = 0` where `u < p/2`, `y = 1` where `p/2 ≤ u <
/// p`, `y = x` elsewhere. u is a function of (seed, epoch, image, step, pixel) alone
/// ([dae.random.Key#block]) and has 24 bits, so the shares are exact to 10⁻⁷. Data sits in front of
/// the model, so there is no gradient.
///
/// *Source.* Gonzalez, Woods, *Digital image processing*, 5.2.
///
/// *Costs* a Philox block for four pixels. *Runs* in [dae.kernel.DataKernels#saltPepper], the same
/// bits in scalar and SIMD, and in `data_salt_pepper` of `kernels/data.cl`. *Proved* by
/// `DataContractTest` and `PixelNoiseTest`.
///
/// @param share p, of the pixels that are lost, 0 to 1
record SaltPepperNoise(double share) implements Pixelwise {
  /// The name in front of p.
  static final String NAME = "salt-pepper";

  /// @throws UserError if p is out of range
  public SaltPepperNoise {
    Noises.require(share, 0, 1);
  }

  /// @param share as text
  /// @throws UserError if it is not a number
  static SaltPepperNoise of(String share) {
    String expected = NAME + ":SHARE with a number from 0 to 1";
    return new SaltPepperNoise(Noises.number(share, expected, share));
  }

  @Override
  public String word() {
    return NAME + ":" + Noises.text(share);
  }

  @Override
  public Value on(Value clean, int step) {
    return drawn(
        "salt_pepper_noise",
        clean,
        s -> s.data().saltPepper(s.n(), s.in(0), s.key(step), (float) share, s.out()));
  }

  @Override
  public void paint(float[] rgb, Key key) {
    PixelNoise.saltPepper(rgb, rgb.length, Picture.CHANNELS, key, 0, (float) share);
  }
}
