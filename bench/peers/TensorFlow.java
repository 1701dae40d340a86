package peers;

import dae.kernel.Activation;
import dae.kernel.Conv2dSpec;
import dae.op.BatchNorm;
import dae.optim.Adam;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.op.nn.LeakyRelu;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import peers.Weights.Numbers;

/// TensorFlow as a graph that a session runs, NHWC. Plain keeps the weights in variables; tuned
/// runs one operation at a time with all threads inside it and, for inference, holds the weights as
/// constants with batch norm folded into them.
final class TensorFlow implements Contender.Built, Layers<Operand<TFloat32>> {
  /// What Adam updates: a variable and the value that the network read from it.
  private record Trained(String name, VarHandleOp variable, Operand<TFloat32> value) {}

  private final Task task;
  private final Weights weights;
  private final Images images;
  private final Set<String> learnt;
  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final List<Trained> trained = new ArrayList<>();
  private final List<Op> initial = new ArrayList<>();
  private final List<Op> updates = new ArrayList<>();
  private final TFloat32 clean;
  private final TFloat32 noisy;
  private final Placeholder<TFloat32> cleanInput;
  private final Placeholder<TFloat32> noisyInput;
  private final Operand<TFloat32> result;
  private final Op update;
  private final Session session;
  private long parameters;
  private Result last;

  TensorFlow(Task task, Weights weights, Images images) {
    this.task = task;
    this.weights = weights;
    this.images = images;
    learnt = weights.learnt(task.tuned());
    Shape shape = Shape.of(images.batch(), images.side(), images.side(), Images.CHANNELS);
    clean = TFloat32.tensorOf(shape, DataBuffers.of(images.clean()));
    noisy = TFloat32.tensorOf(shape, DataBuffers.of(images.noisy()));
    cleanInput = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
    noisyInput = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
    Operand<TFloat32> denoised = denoise(weights, task.training(), noisyInput);
    if (task.training()) {
      Operand<TFloat32> squares = tf.math.squaredDifference(denoised, cleanInput);
      result = tf.math.mean(squares, tf.array(0, 1, 2, 3));
      adam();
    } else {
      result = denoised;
    }
    update = tf.withControlDependencies(updates).noOp();
    session = session(graph, task);
    session.runner().addTarget(tf.withControlDependencies(initial).noOp()).run().close();
  }

  static Session session(Graph graph, Task task) {
    ConfigProto config =
        ConfigProto.newBuilder()
            .setIntraOpParallelismThreads(task.threads())
            .setInterOpParallelismThreads(task.tuned() ? 1 : task.threads())
            .build();
    return new Session(graph, config);
  }

  private void adam() {
    Output<?>[] values =
        trained.stream().map(each -> each.value().asOutput()).toArray(Output<?>[]::new);
    Output<?>[] gradients = graph.addGradients(result.asOutput(), values);
    Operand<TFloat32> beta1 = tf.constant(Adam.BETA_1);
    Operand<TFloat32> beta2 = tf.constant((float) Adam.DEFAULT_BETA_2);
    VarHandleOp power1 = variable("beta1_power", Shape.scalar(), beta1);
    VarHandleOp power2 = variable("beta2_power", Shape.scalar(), beta2);
    Operand<TFloat32> power1Value = tf.readVariableOp(power1, TFloat32.class);
    Operand<TFloat32> power2Value = tf.readVariableOp(power2, TFloat32.class);
    for (int i = 0; i < trained.size(); i++) {
      Trained each = trained.get(i);
      Shape shape = each.value().shape();
      Operand<TFloat32> zeros = tf.zeros(tf.constant(shape.asArray()), TFloat32.class);
      updates.add(
          tf.train.resourceApplyAdam(
              each.variable(),
              variable(each.name() + "/m", shape, zeros),
              variable(each.name() + "/v", shape, zeros),
              power1Value,
              power2Value,
              tf.constant(1e-3f),
              beta1,
              beta2,
              tf.constant(Adam.EPSILON),
              gradients[i].expect(TFloat32.class)));
    }
    Ops after = tf.withControlDependencies(List.copyOf(updates));
    updates.add(after.assignVariableOp(power1, tf.math.mul(power1Value, beta1)));
    updates.add(after.assignVariableOp(power2, tf.math.mul(power2Value, beta2)));
  }

  private VarHandleOp variable(String name, Shape shape, Operand<TFloat32> value) {
    VarHandleOp variable = tf.varHandleOp(TFloat32.class, shape, VarHandleOp.sharedName(name));
    initial.add(tf.assignVariableOp(variable, value));
    return variable;
  }

  private static Shape shape(Numbers numbers) {
    return Shape.of(numbers.longShape());
  }

  private Operand<TFloat32> constant(Numbers numbers) {
    return tf.constant(shape(numbers), DataBuffers.of(numbers.values()));
  }

  private Operand<TFloat32> weight(String name) {
    Numbers numbers = weights.get(name);
    parameters += shape(numbers).size();
    if (task.folded()) {
      return constant(numbers);
    }
    VarHandleOp variable = variable(name, shape(numbers), constant(numbers));
    Operand<TFloat32> value = tf.readVariableOp(variable, TFloat32.class);
    if (learnt.contains(name)) {
      trained.add(new Trained(name, variable, value));
    }
    return value;
  }

  @Override
  public void run() {
    if (last != null) {
      last.close();
    }
    Session.Runner runner = session.runner().feed(noisyInput, noisy).fetch(result);
    last = (task.training() ? runner.feed(cleanInput, clean).addTarget(update) : runner).run();
  }

  @Override
  public Operand<TFloat32> conv(String name, Operand<TFloat32> x, Conv2dSpec spec) {
    Operand<TFloat32> w = weight(name + "/kernel");
    Operand<TFloat32> y = tf.nn.conv2d(x, w, strides(spec), "SAME");
    return tf.nn.biasAdd(y, weight(name + "/bias"));
  }

  @Override
  public Operand<TFloat32> convTranspose(String name, Operand<TFloat32> x, Conv2dSpec mirror) {
    Operand<TFloat32> w = weight(name + "/kernel");
    Operand<TFloat32> y =
        tf.nn.conv2dBackpropInput(
            tf.array(images.batch(), mirror.ih(), mirror.iw(), mirror.ic()),
            w,
            x,
            strides(mirror),
            "SAME");
    return tf.nn.biasAdd(y, weight(name + "/bias"));
  }

  private static List<Long> strides(Conv2dSpec spec) {
    long stride = spec.stride();
    return List.of(1L, stride, stride, 1L);
  }

  @Override
  public Operand<TFloat32> batchNorm(String name, Operand<TFloat32> x) {
    Operand<TFloat32> gamma = weight(name + "/gamma");
    Operand<TFloat32> beta = weight(name + "/beta");
    FusedBatchNorm.Options[] options = {
      FusedBatchNorm.epsilon(BatchNorm.EPSILON), FusedBatchNorm.isTraining(task.training())
    };
    if (!task.training()) {
      Operand<TFloat32> mean = weight(name + "/moving_mean");
      Operand<TFloat32> variance = weight(name + "/moving_variance");
      return tf.nn.fusedBatchNorm(x, gamma, beta, mean, variance, options).y();
    }
    Operand<TFloat32> none = tf.constant(new float[0]);
    FusedBatchNorm<TFloat32, TFloat32> norm =
        tf.nn.fusedBatchNorm(x, gamma, beta, none, none, options);
    average(name + "/moving_mean", norm.batchMean());
    average(name + "/moving_variance", norm.batchVariance());
    return norm.y();
  }

  private void average(String name, Operand<TFloat32> value) {
    Numbers numbers = weights.get(name);
    parameters += shape(numbers).size();
    VarHandleOp variable = variable(name, shape(numbers), constant(numbers));
    Operand<TFloat32> old = tf.readVariableOp(variable, TFloat32.class);
    Operand<TFloat32> share = tf.constant(1 - BatchNorm.MOMENTUM);
    updates.add(tf.assignSubVariableOp(variable, tf.math.mul(tf.math.sub(old, value), share)));
  }

  @Override
  public Operand<TFloat32> relu(Operand<TFloat32> x) {
    return tf.nn.relu(x);
  }

  @Override
  public Operand<TFloat32> leakyRelu(Operand<TFloat32> x) {
    return tf.nn.leakyRelu(x, LeakyRelu.alpha(Activation.SLOPE));
  }

  @Override
  public Operand<TFloat32> concat(Operand<TFloat32> a, Operand<TFloat32> b) {
    return tf.concat(List.of(a, b), tf.constant(3));
  }

  @Override
  public Operand<TFloat32> slice(Operand<TFloat32> x, int from, int channels) {
    return tf.slice(x, tf.array(0, 0, 0, from), tf.array(-1, -1, -1, channels));
  }

  @Override
  public Operand<TFloat32> blend(
      Operand<TFloat32> x, Operand<TFloat32> mask, Operand<TFloat32> change) {
    return tf.math.add(x, tf.math.mul(mask, change));
  }

  @Override
  public Operand<TFloat32> add(Operand<TFloat32> a, Operand<TFloat32> b) {
    return tf.math.add(a, b);
  }

  @Override
  public Operand<TFloat32> clip(Operand<TFloat32> x) {
    return tf.clipByValue(x, tf.constant(0f), tf.constant(1f));
  }

  @Override
  public Operand<TFloat32> sigmoid(Operand<TFloat32> x) {
    return tf.math.sigmoid(x);
  }

  @Override
  public double error() {
    TFloat32 numbers = (TFloat32) last.get(0);
    if (task.training()) {
      return numbers.getFloat();
    }
    float[] denoised = new float[images.clean().length];
    numbers.copyTo(DataBuffers.of(denoised, false, false));
    return images.error(denoised);
  }

  @Override
  public long parameters() {
    return parameters;
  }
}
