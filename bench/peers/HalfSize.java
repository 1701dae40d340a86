package peers;

import dae.file.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/// Writes `golden/half_size.safetensors`, what `GoldenOpTest` compares with: the ops of the
/// networks that work at half the image's size, forwards and backwards, by PyTorch's library in
/// float64.
///
/// Images and filters are in our layouts, and PyTorch itself brings them into its own, so that its
/// gradients are in ours as well.
final class HalfSize {
  private static final long[] NONE = {0, 0};
  private static final long[] ONE = {1, 1};
  private static final long[] TWO = {2, 2};

  private final Random random = new Random(7);
  private final Tensors golden = new Tensors();

  private HalfSize() {}

  /// @param target the file to write
  public static void main(String[] target) throws IOException {
    HalfSize all = new HalfSize();
    all.leakyRelu();
    all.add();
    all.block();
    all.head();
    all.tail();
    all.down();
    all.up();
    all.clip();
    all.golden.put(
        "semantics",
        "NHWC; filters (kh,kw,in,out), transposed (kh,kw,out,in); libtorch 2.10 in float64");
    all.golden.write(Path.of(target[0]));
  }

  private void leakyRelu() {
    differentiated("leaky_relu", Map.of("x", image(2, 5, 6, 7)), in -> leaky(in.get("x")));
  }

  private void add() {
    Map<String, long[]> images = Map.of("a", image(2, 5, 6, 7), "b", image(2, 5, 6, 7));
    differentiated("add", images, in -> in.get("a").add(in.get("b")));
  }

  /// `x + conv(leaky(conv(x)))`
  private void block() {
    Map<String, long[]> shapes = new HashMap<>();
    shapes.put("x", image(2, 6, 5, 8));
    for (String layer : List.of("layer1", "layer2")) {
      shapes.put(layer + "/kernel", new long[] {3, 3, 8, 8});
      shapes.put(layer + "/bias", new long[] {8});
    }
    differentiated(
        "block",
        shapes,
        in -> {
          Tensor x = planes(in.get("x"));
          Tensor y = leaky(conv(x, filter(in, "layer1"), in.get("layer1/bias")));
          return pixels(x.add(conv(y, filter(in, "layer2"), in.get("layer2/bias"))));
        });
  }

  /// A pixel unshuffle and a 3×3 convolution, the weights given as those of a 6×6 window.
  private void head() {
    differentiated(
        "head",
        layer(image(2, 8, 10, 3), new long[] {6, 6, 3, 9}, 9),
        in -> {
          Tensor taps = in.get("kernel").reshape(3, 2, 3, 2, 3, 9);
          Tensor w = taps.permute(5, 4, 1, 3, 0, 2).reshape(9, 12, 3, 3);
          return pixels(conv(torch.pixel_unshuffle(planes(in.get("x")), 2), w, in.get("bias")));
        });
  }

  /// A 3×3 convolution and a pixel shuffle, the weights given as those of a 6×6 stamp, which are
  /// those of a window read backwards.
  private void tail() {
    differentiated(
        "tail",
        layer(image(2, 4, 5, 9), new long[] {6, 6, 3, 9}, 3),
        in -> {
          Tensor taps = in.get("kernel").reshape(3, 2, 3, 2, 3, 9).flip(0, 2);
          Tensor w = taps.permute(4, 1, 3, 5, 0, 2).reshape(12, 9, 3, 3);
          Tensor bias = in.get("bias").repeat_interleave(4);
          return pixels(torch.pixel_shuffle(conv(planes(in.get("x")), w, bias), 2));
        });
  }

  /// A convolution of 2×2 windows side by side.
  private void down() {
    differentiated(
        "down",
        layer(image(2, 6, 8, 5), new long[] {2, 2, 5, 11}, 11),
        in -> {
          Tensor w = in.get("kernel").permute(3, 2, 0, 1);
          TensorOptional bias = new TensorOptional(in.get("bias"));
          return pixels(torch.conv2d(planes(in.get("x")), w, bias, TWO, NONE, ONE, 1));
        });
  }

  /// A transposed one.
  private void up() {
    differentiated(
        "up",
        layer(image(2, 3, 4, 11), new long[] {2, 2, 5, 11}, 5),
        in -> {
          Tensor w = in.get("kernel").permute(3, 2, 0, 1);
          TensorOptional bias = new TensorOptional(in.get("bias"));
          Tensor x = planes(in.get("x"));
          return pixels(torch.conv_transpose2d(x, w, bias, TWO, NONE, NONE, 1, ONE));
        });
  }

  private static Map<String, long[]> layer(long[] x, long[] kernel, long channels) {
    return Map.of("x", x, "kernel", kernel, "bias", new long[] {channels});
  }

  /// The norm of 1,000 gradients, about 18, is allowed to be less and more.
  private void clip() {
    for (double most : new double[] {2.5, 25}) {
      String name = "clip/" + (most < 18 ? "over" : "under");
      Tensor weights = drawn(name + "/gradient", 1000).requires_grad_(true);
      weights.mutable_grad().put(weights.detach().clone());
      torch.clip_grad_norm_(weights, most);
      put(name + "/most", new long[] {1}, new double[] {most});
      put(name + "/clipped", weights.grad());
    }
  }

  private static long[] image(long... nhwc) {
    return nhwc;
  }

  private static Tensor planes(Tensor nhwc) {
    return nhwc.permute(0, 3, 1, 2);
  }

  private static Tensor pixels(Tensor nchw) {
    return nchw.permute(0, 2, 3, 1);
  }

  private static Tensor filter(Map<String, Tensor> in, String layer) {
    return in.get(layer + "/kernel").permute(3, 2, 0, 1);
  }

  private static Tensor conv(Tensor x, Tensor w, Tensor bias) {
    return torch.conv2d(x, w, new TensorOptional(bias), ONE, ONE, ONE, 1);
  }

  private static Tensor leaky(Tensor x) {
    return torch.leaky_relu(x, new Scalar(0.1));
  }

  /// Draws the inputs and dy, and writes them with y and all gradients.
  private void differentiated(
      String name, Map<String, long[]> shapes, Function<Map<String, Tensor>, Tensor> f) {
    Map<String, Tensor> in = new LinkedHashMap<>();
    List<String> sorted = new ArrayList<>(shapes.keySet());
    sorted.sort(null);
    for (String input : sorted) {
      in.put(input, drawn(name + "/" + input, shapes.get(input)).requires_grad_(true));
    }
    Tensor y = f.apply(in);
    put(name + "/y", y);
    Tensor dy = drawn(name + "/dy", y.sizes().vec().get());
    y.backward(dy, new BoolOptional(), false, new TensorArrayRefOptional());
    in.forEach((input, tensor) -> {
      int last = input.lastIndexOf('/') + 1;
      put(name + "/" + input.substring(0, last) + "d" + input.substring(last), tensor.grad());
    });
  }

  /// Uniform in (−1, 1), float32 values in float64.
  private Tensor drawn(String name, long... shape) {
    int count = 1;
    for (long extent : shape) {
      count *= Math.toIntExact(extent);
    }
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    put(name, shape, values);
    TensorOptions wide = new TensorOptions(torch.ScalarType.Double);
    return torch.from_blob(new DoublePointer(values), shape, wide).clone();
  }

  private void put(String name, Tensor tensor) {
    double[] values = new double[Math.toIntExact(tensor.numel())];
    new DoublePointer(tensor.detach().contiguous().data_ptr()).get(values);
    put(name, tensor.sizes().vec().get(), values);
  }

  private void put(String name, long[] shape, double[] values) {
    int[] extents = new int[shape.length];
    for (int i = 0; i < shape.length; i++) {
      extents[i] = Math.toIntExact(shape[i]);
    }
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = (float) values[i];
    }
    golden.put(name, extents, rounded);
  }
}
