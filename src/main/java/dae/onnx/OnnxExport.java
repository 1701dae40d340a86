package dae.onnx;

import dae.file.Safetensors;
import dae.graph.Graph;
import dae.graph.Op;
import dae.graph.Value;
import dae.kernel.Activation;
import dae.kernel.Conv2dSpec;
import dae.model.Denoising;
import dae.model.Network;
import dae.op.Add;
import dae.op.BatchNorm;
import dae.op.Blend;
import dae.op.Clip;
import dae.op.Concat;
import dae.op.Conv2d;
import dae.op.ConvTranspose2d;
import dae.op.Convolution;
import dae.op.LeakyRelu;
import dae.op.Relu;
import dae.op.Sigmoid;
import dae.op.Slice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A model as an ONNX file (opset 17): N×3×H×W from 0 to 1 comes in as `noisy` and goes out as
/// `denoised`, and as `mask`, N×1×H×W, where the network makes one. The numbers in the calls are
/// the field numbers of onnx.proto.
///
/// @since 0.1.0
public final class OnnxExport {
  /// Any extent.
  public static final int FREE = -1;

  private static final int IR_VERSION = 8;
  private static final int OPSET = 17;
  private static final int FLOAT = 1;
  private static final int INT64 = 7;
  private static final int FLOAT16 = 10;
  private static final List<String> EXTENTS = List.of("batch", "channels", "height", "width");

  private final Map<String, Safetensors.Entry> weights;
  private final boolean float16;
  private final Message graph = new Message();
  private final Map<Value, String> names = new HashMap<>();
  private final Set<String> taken = new HashSet<>();

  private OnnxExport(Map<String, Safetensors.Entry> weights, boolean float16) {
    this.weights = weights;
    this.float16 = float16;
  }

  /// How a file is to be.
  ///
  /// @param batch images per call, or [#FREE]
  /// @param height rows of an image, or [#FREE] for any multiple of the network's
  /// @param width columns, likewise
  /// @param float16 whether kernels are stored as 16-bit floats; what is computed stays float32
  public record Form(int batch, int height, int width, boolean float16) {
    /// For images of any number and size.
    ///
    /// @param float16 whether kernels are stored as 16-bit floats
    public Form(boolean float16) {
      this(FREE, FREE, FREE, float16);
    }
  }

  /// Makes the bytes of a file.
  ///
  /// @param weights by the names of the network's parameters; where a batch norm has none, it was
  ///   folded ([Folding]) and is left out
  /// @param version of the program that writes it
  /// @param metadata strings that the file carries
  public static byte[] bytes(
      Network network,
      Map<String, Safetensors.Entry> weights,
      Form form,
      String version,
      Map<String, String> metadata) {
    return new OnnxExport(weights, form.float16).write(network, form, version, metadata);
  }

  private byte[] write(Network network, Form form, String version, Map<String, String> metadata) {
    int side = network.multiple();
    Denoising model = Denoising.inference(network, side, side);
    Map<Value, String> ends = new LinkedHashMap<>();
    ends.put(model.denoised(), "denoised");
    if (model.cleaned().mask() != null) {
      ends.put(model.cleaned().mask(), "mask");
    }
    names.put(model.noisy(), "noisy");
    taken.addAll(List.of("noisy", "denoised", "mask"));
    for (Graph.Entry entry : model.graph().tape()) {
      add(entry.op(), entry.output(), ends.get(entry.output()));
    }
    graph.put(2, "denoiser").put(11, image("noisy", form, network.channels()));
    ends.forEach((value, name) -> graph.put(12, image(name, form, value.shape().c())));
    Message file = new Message().put(1, IR_VERSION).put(2, "dae-engine").put(3, version);
    file.put(7, graph).put(8, new Message().put(2, OPSET));
    metadata.forEach((key, value) -> file.put(14, new Message().put(1, key).put(2, value)));
    return file.bytes();
  }

  private void add(Op op, Value output, String end) {
    String name = op.label();
    String y = end != null ? end : fresh(name);
    String[] x = op.inputs().stream().map(names::get).toArray(String[]::new);
    switch (op) {
      case Conv2d product -> product("Conv", product, x[0], y);
      case ConvTranspose2d product -> product("ConvTranspose", product, x[0], y);
      case BatchNorm _ when !weights.containsKey(name + "/gamma") -> y = x[0];
      case BatchNorm _ ->
          node(
              "BatchNormalization",
              name,
              y,
              List.of(number("epsilon", BatchNorm.EPSILON)),
              x[0],
              weight(name + "/gamma"),
              weight(name + "/beta"),
              weight(name + "/moving_mean"),
              weight(name + "/moving_variance"));
      case Relu _ -> node("Relu", name, y, List.of(), x);
      case LeakyRelu _ -> node("LeakyRelu", name, y, List.of(number("alpha", Activation.SLOPE)), x);
      case Sigmoid _ -> node("Sigmoid", name, y, List.of(), x);
      case Concat _ -> node("Concat", name, y, List.of(whole("axis", 1)), x);
      case Add _ -> node("Add", name, y, List.of(), x);
      case Slice slice -> {
        String from = integer(name + "/from", slice.from());
        String to = integer(name + "/to", slice.from() + output.shape().c());
        node("Slice", name, y, List.of(), x[0], from, to, integer(name + "/axis", 1));
      }
      case Blend _ -> {
        String change = fresh(name + "/change");
        node("Mul", change, change, List.of(), x[1], x[2]);
        node("Add", name, y, List.of(), x[0], change);
      }
      case Clip _ -> node("Clip", name, y, List.of(), x[0], scalar("zero", 0), scalar("one", 1));
      default ->
          throw new IllegalArgumentException(
              name + ": expected an op that OnnxExport knows, got " + op.getClass().getName());
    }
    names.put(output, y);
  }

  private String fresh(String name) {
    String free = name;
    for (int i = 2; !taken.add(free); i++) {
      free = name + "_" + i;
    }
    return free;
  }

  private void product(String operator, Convolution product, String x, String y) {
    Conv2dSpec s = product.spec();
    int left = s.padLeft();
    int top = s.padTop();
    List<Message> attributes =
        List.of(
            wholes("kernel_shape", s.kh(), s.kw()),
            wholes("strides", s.stride(), s.stride()),
            wholes(
                "pads",
                top,
                left,
                padding(s.ih(), s.oh(), s.kh(), s.stride()) - top,
                padding(s.iw(), s.ow(), s.kw(), s.stride()) - left));
    String name = product.label();
    String kernel = kernel(name + "/kernel");
    if (product.hasBias()) {
      node(operator, name, y, attributes, x, kernel, weight(name + "/bias"));
    } else {
      node(operator, name, y, attributes, x, kernel);
    }
  }

  /// Rows or columns of zeros in front and behind together.
  private static int padding(int n, int outputs, int kernel, int stride) {
    return Math.max((outputs - 1) * stride + kernel - n, 0);
  }

  private void node(
      String operator, String name, String output, List<Message> attributes, String... inputs) {
    Message node = new Message();
    for (String input : inputs) {
      node.put(1, input);
    }
    node.put(2, output).put(3, name).put(4, operator);
    attributes.forEach(attribute -> node.put(5, attribute));
    graph.put(1, node);
  }

  private static Message number(String name, float value) {
    return new Message().put(1, name).put(2, value).put(20, 1);
  }

  private static Message whole(String name, long value) {
    return new Message().put(1, name).put(3, value).put(20, 2);
  }

  private static Message wholes(String name, long... values) {
    Message attribute = new Message().put(1, name);
    for (long value : values) {
      attribute.put(8, value);
    }
    return attribute.put(20, 7);
  }

  private static Message image(String name, Form form, int channels) {
    Message shape = new Message();
    int[] extents = {form.batch, channels, form.height, form.width};
    for (int i = 0; i < extents.length; i++) {
      Message extent = new Message();
      shape.put(1, extents[i] == FREE ? extent.put(2, EXTENTS.get(i)) : extent.put(1, extents[i]));
    }
    Message tensor = new Message().put(1, FLOAT).put(2, shape);
    return new Message().put(1, name).put(2, new Message().put(1, tensor));
  }

  private String weight(String name) {
    Safetensors.Entry entry = weights.get(name);
    return tensor(name, FLOAT, entry.shape(), floats(entry.data()));
  }

  /// From (kh, kw, i, o) to (o, i, kh, kw).
  private String kernel(String name) {
    int[] shape = weights.get(name).shape();
    float[] from = weights.get(name).data();
    int taps = shape[0] * shape[1];
    int in = shape[2];
    int out = shape[3];
    float[] to = new float[from.length];
    for (int t = 0; t < taps; t++) {
      for (int i = 0; i < in; i++) {
        for (int o = 0; o < out; o++) {
          to[(o * in + i) * taps + t] = from[(t * in + i) * out + o];
        }
      }
    }
    int[] planes = {out, in, shape[0], shape[1]};
    if (!float16) {
      return tensor(name, FLOAT, planes, floats(to));
    }
    ByteBuffer half = ByteBuffer.allocate(2 * to.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : to) {
      half.putShort(Float.floatToFloat16(value));
    }
    String stored = tensor(name + "/float16", FLOAT16, planes, half.array());
    node("Cast", name, fresh(name), List.of(whole("to", FLOAT)), stored);
    return name;
  }

  private String scalar(String name, float value) {
    return taken.contains(name) ? name : tensor(name, FLOAT, new int[0], floats(value));
  }

  private String integer(String name, long value) {
    byte[] bytes =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    return tensor(name, INT64, new int[] {1}, bytes);
  }

  private String tensor(String name, int type, int[] shape, byte[] bytes) {
    Message tensor = new Message();
    for (int extent : shape) {
      tensor.put(1, extent);
    }
    taken.add(name);
    graph.put(5, tensor.put(2, type).put(8, name).put(9, bytes));
    return name;
  }

  private static byte[] floats(float... values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    return buffer.array();
  }
}
