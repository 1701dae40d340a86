package dae.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.tensor.Numbers;
import dae.tensor.Shape;
import dae.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Fast convolutions against the scalar one: first on whole numbers, where every sum is exact and
/// so must be the result, then on random ones, within the rounding that any order of a sum of K
/// products may have: (K + 4)·2⁻²⁴·Σ|a·b|.
class ConvContractTest {
  private static final double U = 0x1p-24;

  /// What the epilogue does.
  private enum Finish {
    NOTHING,
    LEAKY_RELU,
    BIAS,
    SCALE_BIAS_RELU,
    SCALE_BIAS_LEAKY_RELU,
    BIAS_SIGMOID
  }

  /// A case, one of its three products, and what the kernel is asked to do with the result.
  private record Run(Cases.Conv c, Pass pass, Write write, Finish finish) {
    Shape first() {
      return pass == Pass.BACKWARD_INPUT ? c.spec().y() : c.spec().x();
    }

    Shape second() {
      return pass == Pass.BACKWARD_FILTER ? c.spec().y() : c.spec().w();
    }

    Shape product() {
      return switch (pass) {
        case FORWARD -> c.spec().y();
        case BACKWARD_INPUT -> c.spec().x();
        case BACKWARD_FILTER -> c.spec().w();
      };
    }

    int count(Shape shape) {
      return shape.isImage() ? c.n() * shape.size() : shape.size();
    }

    int channels() {
      return product().isImage() ? product().c() : c.spec().oc();
    }

    /// Products in one sum.
    long terms() {
      Conv2dSpec s = c.spec();
      int taps = s.kh() * s.kw();
      return switch (pass) {
        case FORWARD -> taps * s.ic();
        case BACKWARD_INPUT -> taps * s.oc();
        case BACKWARD_FILTER -> c.n() * s.oh() * s.ow();
      };
    }

    /// What a sum may be wrong by, of the sum of its terms' sizes. What Winograd's way with stride
    /// 1, and so with 6×6 taps and stride 2, sums up is larger than the result: errors are some ten
    /// times as large on the average, and further from the bound where sums are long.
    double rounding() {
      Conv2dSpec s = c.spec();
      boolean minimal = s.kh() == 3 * s.stride();
      return (terms() + 4) * U * (minimal ? 8 : 1);
    }
  }

  private record Data(float[] first, float[] second, float[] scale, float[] bias, float[] base) {
    Data absolute() {
      return new Data(
          absolute(first), absolute(second), absolute(scale), absolute(bias), absolute(base));
    }

    private static float[] absolute(float[] values) {
      float[] positive = values.clone();
      for (int i = 0; i < positive.length; i++) {
        positive[i] = Math.abs(positive[i]);
      }
      return positive;
    }
  }

  private static final Map<String, float[]> SCALAR = new HashMap<>();

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void wholeNumbersAreExact(TestBackends kind) {
    try (Backend backend = kind.open()) {
      for (Cases.Conv c : Cases.CONVOLUTIONS) {
        for (Pass pass : Pass.values()) {
          for (Write write : Write.values()) {
            for (Finish finish : finishes(pass)) {
              // A tenth is not whole: what is added to it is rounded.
              boolean rounded =
                  finish == Finish.LEAKY_RELU || finish == Finish.SCALE_BIAS_LEAKY_RELU;
              if ((finish == Finish.BIAS_SIGMOID || rounded) && write == Write.ADD) {
                continue;
              }
              wholeNumbers(backend, new Run(c, pass, write, finish));
            }
          }
        }
      }
    }
  }

  private static Finish[] finishes(Pass pass) {
    return pass == Pass.BACKWARD_FILTER ? new Finish[] {Finish.NOTHING} : Finish.values();
  }

  private static void wholeNumbers(Backend backend, Run run) {
    Data data =
        new Data(
            Numbers.whole(1, run.count(run.first()), 4),
            ninefold(run, Numbers.whole(2, run.count(run.second()), 4)),
            Numbers.whole(5, run.channels(), 4),
            Numbers.whole(3, run.channels(), 100),
            Numbers.whole(4, run.count(run.product()), 100));
    float[] expected = scalar(run, data, "whole");
    float[] got = product(backend, run, data);
    for (int i = 0; i < got.length; i++) {
      int at = i;
      // == and not equals: a sum of zeros may be −0.
      assertTrue(
          expected[i] == got[i],
          () -> run + " at " + at + ": expected " + expected[at] + ", got " + got[at]);
    }
  }

  /// Winograd's way divides filters by 9 (and by powers of two, which leave nothing over).
  private static float[] ninefold(Run run, float[] second) {
    for (int i = 0; i < second.length && run.pass != Pass.BACKWARD_FILTER; i++) {
      second[i] *= 9;
    }
    return second;
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void randomNumbersAreWithinTheRoundingOfASum(TestBackends kind) {
    try (Backend backend = kind.open()) {
      for (Cases.Conv c : Cases.CONVOLUTIONS) {
        for (Pass pass : Pass.values()) {
          for (Finish finish : finishes(pass)) {
            boolean adds = finish == Finish.BIAS || finish == Finish.SCALE_BIAS_LEAKY_RELU;
            Write write = adds ? Write.ADD : Write.SET;
            randomNumbers(backend, new Run(c, pass, write, finish));
          }
        }
      }
    }
  }

  private static void randomNumbers(Backend backend, Run run) {
    Data data =
        new Data(
            Numbers.uniform(1, run.count(run.first())),
            Numbers.uniform(2, run.count(run.second())),
            Numbers.uniform(5, run.channels()),
            Numbers.uniform(3, run.channels()),
            Numbers.uniform(4, run.count(run.product())));
    float[] expected = scalar(run, data, "random");
    float[] sizes = scalar(run, data.absolute(), "sizes");
    float[] sums =
        scalar(new Run(run.c, run.pass, run.write, Finish.BIAS), data.absolute(), "sizes");
    float[] got = product(backend, run, data);
    for (int i = 0; i < got.length; i++) {
      // The logistic function's slope is 1/4 at most; it rounds its own result.
      double bound =
          run.finish == Finish.BIAS_SIGMOID
              ? run.rounding() * sums[i] / 4 + 4 * U
              : run.rounding() * sizes[i];
      assertEquals(expected[i], got[i], bound, run + " at " + i);
    }
  }

  /// Computed once for all backends.
  private static float[] scalar(Run run, Data data, String kind) {
    return SCALAR.computeIfAbsent(
        kind + run,
        r -> {
          try (Backend backend = TestBackends.scalar().open()) {
            return product(backend, run, data);
          }
        });
  }

  private static float[] product(Backend backend, Run run, Data data) {
    Cases.Conv c = run.c;
    Needs needs = backend.conv().needs(c.spec(), run.pass, c.capacity());
    Workspace workspace =
        new Workspace(vector(backend, needs.scratch()), vector(backend, needs.derived()), () -> 1);
    return product(backend, run, data, workspace);
  }

  private static float[] product(Backend backend, Run run, Data data, Workspace workspace) {
    Cases.Conv c = run.c;
    Guarded first = guarded(backend, c, run.first()).with(data.first);
    Guarded second = guarded(backend, c, run.second()).with(data.second);
    Guarded scale = new Guarded(backend, Shape.vector(run.channels())).with(data.scale);
    Guarded bias = new Guarded(backend, Shape.vector(run.channels())).with(data.bias);
    Guarded to = guarded(backend, c, run.product());
    int count = run.count(run.product());
    if (run.write == Write.ADD) {
      to.with(data.base);
    } else {
      to.filled(Float.NaN, count);
    }
    Epilogue epilogue =
        switch (run.finish) {
          case NOTHING -> Epilogue.NONE;
          case LEAKY_RELU -> new Epilogue(null, null, Activation.LEAKY_RELU);
          case BIAS -> Epilogue.bias(bias.tensor());
          case BIAS_SIGMOID -> new Epilogue(null, bias.tensor(), Activation.SIGMOID);
          case SCALE_BIAS_RELU -> new Epilogue(scale.tensor(), bias.tensor(), Activation.RELU);
          case SCALE_BIAS_LEAKY_RELU ->
              new Epilogue(scale.tensor(), bias.tensor(), Activation.LEAKY_RELU);
        };
    Tensor a = first.tensor();
    Tensor b = second.tensor();
    ConvKernels conv = backend.conv();
    switch (run.pass) {
      case FORWARD ->
          conv.forward(c.spec(), c.n(), a, b, to.tensor(), run.write, epilogue, workspace);
      case BACKWARD_INPUT ->
          conv.backwardInput(c.spec(), c.n(), a, b, to.tensor(), run.write, epilogue, workspace);
      case BACKWARD_FILTER ->
          conv.backwardFilter(c.spec(), c.n(), a, b, to.tensor(), run.write, workspace);
    }
    first.read(0, run + " first factor");
    second.read(0, run + " second factor");
    scale.read(0, run + " scale");
    bias.read(0, run + " bias");
    return to.read(count, run.toString());
  }

  private static Guarded guarded(Backend backend, Cases.Conv c, Shape shape) {
    return new Guarded(backend, shape, c.capacity(), c.before(), c.after());
  }

  /// Full of NaN: a kernel must not rely on what it finds. Null where nothing was asked for, as in
  /// a plan.
  private static Tensor vector(Backend backend, long floats) {
    if (floats == 0) {
      return null;
    }
    return Tensor.dense(
        new Poisoned(backend).allocate(floats), 0, Shape.vector(Math.toIntExact(floats)));
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void packedWeightsFollowTheVersion(TestBackends kind) {
    try (Backend backend = kind.open()) {
      for (Cases.Conv c : Cases.CONVOLUTIONS.subList(0, 12)) {
        for (Pass pass : new Pass[] {Pass.FORWARD, Pass.BACKWARD_INPUT}) {
          Run run = new Run(c, pass, Write.SET, Finish.NOTHING);
          long[] version = {1};
          Needs needs = backend.conv().needs(c.spec(), pass, c.capacity());
          Tensor scratch = vector(backend, needs.scratch());
          Workspace workspace =
              new Workspace(scratch, vector(backend, needs.derived()), () -> version[0]);
          float[] image = Numbers.whole(1, run.count(run.first()), 4);
          for (int step = 0; step < 4; step++) {
            // Steps 1 and 2 use the same weights.
            version[0] = (step + 1) / 2;
            float[] w = ninefold(run, Numbers.whole(10 + version[0], run.count(run.second()), 4));
            Data data =
                new Data(image, w, new float[run.channels()], new float[run.channels()], null);
            if (scratch != null) {
              float[] poison = new float[scratch.shape().size()];
              Arrays.fill(poison, Float.NaN);
              backend.upload(poison, 0, scratch, 1);
            }
            float[] got = product(backend, run, data, workspace);
            float[] expected = scalar(run, data, "version " + version[0]);
            for (int i = 0; i < got.length; i++) {
              assertTrue(expected[i] == got[i], run + " step " + step);
            }
          }
        }
      }
    }
  }
}
