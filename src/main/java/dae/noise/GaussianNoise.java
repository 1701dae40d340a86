package dae.noise;

import static dae.noise.Drawn.drawn;

import dae.UserError;
import dae.graph.Step;
import dae.graph.Value;
import dae.kernel.PixelNoise;
import dae.op.Fill;
import dae.random.Key;
import dae.tensor.Check;
import dae.tensor.Shape;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
/// @param low the smallest σ, the standard deviation in units of the full range, 0 to 1
/// @param high the largest
public record GaussianNoise(double low, double high) implements Noise {
  /// The name in front of σ.
  static final String NAME = "gaussian";

  private static final String LABEL = "gaussian_noise";

  /// Two numbers; the minus of an exponent does not part them.
  private static final Pattern RANGE = Pattern.compile("(.+?)(?<![eE])-(.+)");

  /// @throws UserError if σ is out of range
  public GaussianNoise {
    Noises.require(low, 0, 1);
    Noises.require(high, 0, 1);
    if (low > high) {
      throw new UserError(
          "noise: expected the smaller σ first, got %s-%s — change --noise"
              .formatted(Noises.text(low), Noises.text(high)));
    }
  }

  /// The same σ for all images.
  ///
  /// @throws UserError if it is out of range
  public GaussianNoise(double sigma) {
    this(sigma, sigma);
  }

  /// @param sigma as text, a number or two with a minus between them
  /// @throws UserError if it is not
  static Noise of(String sigma) {
    Matcher range = RANGE.matcher(sigma);
    String expected = NAME + ":SIGMA with a number from 0 to 1, or LOW-HIGH";
    return range.matches()
        ? new GaussianNoise(
            Noises.number(range.group(1), expected, sigma),
            Noises.number(range.group(2), expected, sigma))
        : new GaussianNoise(Noises.number(sigma, expected, sigma));
  }

  @Override
  public String word() {
    return NAME + ":" + Noises.text(low) + (isRange() ? "-" + Noises.text(high) : "");
  }

  private boolean isRange() {
    return low < high;
  }

  @Override
  public Value on(Value clean, int step) {
    return drawn(
        LABEL,
        clean,
        s -> {
          Key key = s.key(step);
          s.data().gaussian(s.n(), s.in(0), key, levels(s.n(), key), s.out());
        });
  }

  @Override
  public void paint(float[] rgb, int count, long seed, int epoch, int image, int step) {
    Key key = Key.of(seed, epoch, image, step);
    PixelNoise.gaussian(rgb, count, key, 0, levels(1, key)[0]);
  }

  /// σ of each image at every pixel.
  @Override
  public Value level(Value clean, int step) {
    String label = "noise_level";
    if (!isRange()) {
      return Fill.fill(label, clean, (float) low);
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
    float[] levels = new float[n];
    for (int i = 0; i < n; i++) {
      levels[i] = isRange() ? key.level(i, (float) low, (float) high) : (float) low;
    }
    return levels;
  }
}
