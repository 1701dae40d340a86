package peers;

import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/// TensorFlow, a graph of one operation. Images are fed, which copies nothing; weights are a
/// constant.
final class TensorFlowProduct implements Contender {
  private static final List<Long> STRIDES = List.of(1L, 1L, 1L, 1L);

  private final Factors factors;
  private final TFloat32 x;
  private final TFloat32 y;
  private final Placeholder<TFloat32> xInput;
  private final Placeholder<TFloat32> yInput;
  private final Operand<TFloat32> product;
  private final Session session;
  private Result last;

  TensorFlowProduct(Task task, Factors factors) {
    this.factors = factors;
    Convolution s = factors.shape();
    int c = s.c();
    Shape images = Shape.of(s.n(), s.h(), s.w(), c);
    x = TFloat32.tensorOf(images, DataBuffers.of(factors.x()));
    y = TFloat32.tensorOf(images, DataBuffers.of(factors.y()));
    Graph graph = new Graph();
    Ops tf = Ops.create(graph);
    xInput = tf.placeholder(TFloat32.class, Placeholder.shape(images));
    yInput = tf.placeholder(TFloat32.class, Placeholder.shape(images));
    Operand<TFloat32> w = tf.constant(Shape.of(3, 3, c, c), DataBuffers.of(factors.w()));
    product =
        switch (factors.pass()) {
          case FORWARD -> tf.nn.conv2d(xInput, w, STRIDES, "SAME");
          case BACKWARD_INPUT ->
              tf.nn.conv2dBackpropInput(
                  tf.array(s.n(), s.h(), s.w(), c), w, yInput, STRIDES, "SAME");
          case BACKWARD_FILTER ->
              tf.nn.conv2dBackpropFilter(xInput, tf.array(3, 3, c, c), yInput, STRIDES, "SAME");
        };
    session = TensorFlow.session(graph, task);
  }

  @Override
  public void run() {
    if (last != null) {
      last.close();
    }
    last = session.runner().feed(xInput, x).feed(yInput, y).fetch(product).run();
  }

  @Override
  public double error() {
    float[] got = new float[factors.expected().length];
    ((TFloat32) last.get(0)).copyTo(DataBuffers.of(got, false, false));
    return factors.distance(got);
  }
}
