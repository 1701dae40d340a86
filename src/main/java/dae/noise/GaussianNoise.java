package dae.noise;

import static dae.noise.Drawn.drawn;

import dae.graph.Step;
import dae.graph.Value;
import dae.kernel.PixelNoise;
import dae.op.Fill;
import dae.random.Key;
import dae.tensor.Check;
import dae.tensor.Shape;
import java.util.List;

/// **Gaussian noise**, `gaussian:0.1` or `gaussian:0-0.3`: what the article's network learns to
/// take away, and what a network for noise of any strength does.
///
/// *In words.* Every value gets its own normally distributed error; what leaves [0, 1] is cut off.
/// Of two numbers, each image draws a σ between them, anew in each epoch.
///
/// *Shapes.* x, y: N×H×W×C.
///
/// *Forward.* `y = clip(x + σ·normal, 0, 1)`, `σ = low + u·(high − low)`. The normals are a
/// function of (seed, epoch, image, step, position) alone ([dae.random.Normals]), and u, from 0 to
/// 1, of (seed, epoch, image, step) ([dae.random.Key#level]): they depend neither on threads nor on
/// the order of the images. Data sits in front of the model, so there is no gradient.
///
/// *Source* of a σ for each image: Zhang, Zuo, Zhang, *FFDNet*, IEEE Transactions on Image
/// Processing 27, 2018.
///
/// *Costs* a Philox block and two Box–Muller pairs for four values. *Runs* in
/// [dae.kernel.DataKernels#gaussian], the same bits in scalar and SIMD, and in `data_gaussian` of
/// `kernels/data.cl` on a device that rounds roots as IEEE 754 says; its level in
/// [dae.kernel.DataKernels#levels] and `data_levels`. *Proved* by `DataContractTest` and
/// `PixelNoiseTest`.
///
/// @param sigma σ, the standard deviation in units of the full range, 0 to 1
record GaussianNoise(Range sigma) implements Pixelwise {
  /// The name in front of σ.
  static final String NAME = "gaussian";

  /// @param sigma as text, one number or two
  /// @throws dae.UserError if it is none, or not from 0 to 1
  static GaussianNoise of(String sigma) {
    return new GaussianNoise(Range.parse(NAME, sigma, 0, 1));
  }

  @Override
  public String word() {
    return NAME + ":" + sigma;
  }

  @Override
  public Value on(Value clean, int step) {
    return drawn(
        "gaussian_noise",
        clean,
        s -> {
          Key key = s.key(step);
          s.data().gaussian(s.n(), s.in(0), key, levels(s.n(), key), s.out());
        });
  }

  @Override
  public void paint(float[] rgb, Key key) {
    PixelNoise.gaussian(rgb, rgb.length, key, 0, levels(1, key)[0]);
  }

  /// σ of each image at every pixel.
  @Override
  public Value level(Value clean, int step) {
    String label = "noise_level";
    if (sigma.isNumber()) {
      return Fill.fill(label, clean, (float) sigma.low());
    }
    Check.image(label, clean.shape());
    Shape map = Shape.image(clean.shape().h(), clean.shape().w(), 1);
    return clean.graph().add(new Drawn(label, List.of(), map, s -> level(s, step)));
  }

  private void level(Step s, int step) {
    s.data().levels(s.n(), levels(s.n(), s.key(step)), s.out());
  }

  /// σ of each of n images.
  private float[] levels(int n, Key key) {
    float low = (float) sigma.low();
    float high = (float) sigma.high();
    float[] levels = new float[n];
    for (int i = 0; i < n; i++) {
      // Nothing is drawn, in every step and for every image, where there is nothing to choose.
      levels[i] = sigma.isNumber() ? low : key.level(i, low, high);
    }
    return levels;
  }
}
