package dae.noise;

import static dae.noise.Drawn.drawn;

import dae.graph.Value;
import dae.kernel.PixelNoise;
import dae.random.Key;

/// **Poisson noise**, `poisson:100`: the shot noise of a sensor that counts photons.
///
/// *In words.* White is worth PEAK photons, and a pixel as many as it is bright. They arrive one by
/// one, at random; what is seen is how many came. The fewer there are, the more they scatter:
/// bright places get the larger error, dark ones the larger share of it. What goes beyond white is
/// cut off.
///
/// *Shapes.* x, y: N×H×W×C.
///
/// *Forward.* `y = min(k / PEAK, 1)`, k Poisson-distributed of mean x·PEAK, so `mean y = x` and
/// `variance y = x / PEAK` where nothing is cut off. k is the inverse of the distribution function
/// at a number that follows from (seed, epoch, image, step, position) alone; how, and how exactly,
/// is said in [dae.kernel.Poisson]. Data sits in front of the model, so there is no gradient.
///
/// *Sources.* Hasinoff, *Photon, Poisson noise*, in: Computer Vision, a reference guide, 2014;
/// those of the method are in [dae.kernel.Poisson].
///
/// *Costs* a Philox block for four values, and for a value a logarithm and a polynomial of degree 8
/// where its mean is 10 or more, else about as many multiplications and additions as its count.
/// *Runs* in [dae.kernel.DataKernels#poisson], the same bits in scalar and SIMD, and in
/// `data_poisson` of `kernels/data.cl` on a device that rounds roots and quotients as IEEE 754
/// says. *Proved* by `PoissonTest`, `DataContractTest` and `PixelNoiseTest`.
///
/// @param peak photons at white, 1 to 10,000
record PoissonNoise(double peak) implements Pixelwise {
  /// The name in front of PEAK.
  static final String NAME = "poisson";

  /// @throws UserError if PEAK is out of range
  public PoissonNoise {
    Noises.require(peak, 1, 10_000);
  }

  /// @param peak as text
  /// @throws UserError if it is not a number
  static PoissonNoise of(String peak) {
    String expected = NAME + ":PEAK with a number from 1 to 10000";
    return new PoissonNoise(Noises.number(peak, expected, peak));
  }

  @Override
  public String word() {
    return NAME + ":" + Noises.text(peak);
  }

  @Override
  public Value on(Value clean, int step) {
    return drawn(
        "poisson_noise",
        clean,
        s -> s.data().poisson(s.n(), s.in(0), s.key(step), (float) peak, s.out()));
  }

  @Override
  public void paint(float[] rgb, Key key) {
    PixelNoise.poisson(rgb, rgb.length, key, 0, (float) peak);
  }
}
