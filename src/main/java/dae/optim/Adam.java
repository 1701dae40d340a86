package dae.optim;

import dae.file.Stateful;
import dae.file.Tensors;
import dae.graph.Param;
import dae.graph.Parameters;
import dae.kernel.Backend;
import dae.kernel.Turn;
import dae.tensor.Shape;
import dae.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.ObjIntConsumer;

/// **Adam** (Kingma & Ba 2015), in Keras' form.
///
/// *In words.* Each weight moves against a running mean of its gradient, divided by the root of a
/// running mean of its square: steps of about the learning rate, whatever the gradient's scale.
///
/// With g the gradient and t = 1, 2, 3 … the step,
///
///     m ← m + (1 − β₁)·(g − m)
///     v ← v + (1 − β₂)·(g² − v)
///     w ← w − α·√(1 − β₂ᵗ)/(1 − β₁ᵗ) · m/(√v + ε)
///
/// m and v start at 0 and so are too small at first; the factor in front corrects that. Keras adds
/// ε to the uncorrected √v, PyTorch to the corrected one; after 12 steps the two differ by 2·10⁻³
/// in the loss.
///
/// All trainable parameters lie side by side, so a step is one call of
/// [dae.kernel.OptimiserKernels#adam]. If the loss or any gradient is not finite, nothing changes.
public final class Adam implements Stateful, AutoCloseable {
  public static final float BETA_1 = 0.9f;
  public static final double DEFAULT_BETA_2 = 0.999;
  public static final float EPSILON = 1e-7f;

  private static final String FIRST_MOMENT = "adam/m/";
  private static final String SECOND_MOMENT = "adam/v/";

  private final Backend backend;
  private final Parameters parameters;
  private final Tensor m;
  private final Tensor v;
  private final float beta2;
  private long t;

  /// With β₂ = 0.999.
  public Adam(Parameters parameters, Backend backend) {
    this(parameters, backend, DEFAULT_BETA_2);
  }

  /// @param parameters what to optimise; its gradients are read at each step
  /// @param beta2 the share that the mean of squares keeps at each step. A smaller one follows a
  ///   gradient that suddenly grows, where a large one would take far too large a step
  public Adam(Parameters parameters, Backend backend, double beta2) {
    this.backend = backend;
    this.beta2 = (float) beta2;
    this.parameters = parameters;
    Shape shape = parameters.trainable().shape();
    m = Tensor.dense(backend.allocate(shape.size()), 0, shape);
    v = Tensor.dense(backend.allocate(shape.size()), 0, shape);
  }

  /// One step.
  ///
  /// @param rate the learning rate α
  /// @param clip the gradient's greatest norm, beyond which it is scaled down (Pascanu et al.
  ///   2013); 0 for none
  /// @param loss the scalar loss of this step; becomes NaN if a gradient is not finite
  public void step(double rate, double clip, Tensor loss) {
    t++;
    double correction = Math.sqrt(1 - Math.pow(beta2, t)) / (1 - Math.pow(BETA_1, t));
    try (Turn _ = backend.turn().take()) {
      backend.optimiser().guard(parameters.gradients(), loss);
      if (clip > 0) {
        backend.optimiser().clip(parameters.gradients(), (float) clip);
      }
      backend
          .optimiser()
          .adam(
              parameters.trainable(),
              parameters.gradients(),
              m,
              v,
              (float) (rate * correction),
              BETA_1,
              beta2,
              EPSILON,
              loss);
    }
    parameters.changed();
  }

  /// Steps taken so far.
  public long steps() {
    return t;
  }

  /// Both moments where they lie; with [#rewind] they take the optimiser back to where it was.
  public List<Tensor> moments() {
    return List.of(m, v);
  }

  /// Forgets all steps after the given one; the moments are the caller's to put back.
  public void rewind(long steps) {
    t = steps;
  }

  /// The moments by parameter, because what lies between them differs from backend to backend.
  @Override
  public void save(Tensors to) {
    to.put("steps", t);
    save(to.under(FIRST_MOMENT), read(m));
    save(to.under(SECOND_MOMENT), read(v));
  }

  private void save(Tensors to, float[] moments) {
    each((param, at) -> {
      float[] part = Arrays.copyOfRange(moments, at, at + param.shape().size());
      to.put(param.name(), param.shape().extents(), part);
    });
  }

  @Override
  public void restore(Tensors from) {
    t = from.whole("steps", Long.MAX_VALUE);
    restore(from.under(FIRST_MOMENT), m);
    restore(from.under(SECOND_MOMENT), v);
  }

  private void restore(Tensors from, Tensor to) {
    float[] moments = new float[to.shape().size()];
    each((param, at) -> {
      float[] part = from.get(param.name(), param.shape().extents());
      System.arraycopy(part, 0, moments, at, part.length);
    });
    backend.upload(moments, 0, to, 1);
  }

  private void each(ObjIntConsumer<Param> use) {
    for (Param param : parameters.all().values()) {
      if (param.trainable()) {
        use.accept(param, parameters.value(param).offset());
      }
    }
  }

  private float[] read(Tensor tensor) {
    float[] values = new float[tensor.shape().size()];
    backend.download(tensor, 1, values, 0);
    return values;
  }

  /// Gives the moments' memory back.
  @Override
  public void close() {
    backend.free(m.storage());
    backend.free(v.storage());
  }
}
