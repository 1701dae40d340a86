package peers;

import dae.kernel.Activation;
import dae.kernel.Conv2dSpec;
import dae.op.BatchNorm;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import peers.Weights.Numbers;

/// The network as an ONNX file. The numbers in the calls are the field numbers of onnx.proto.
final class OnnxFile implements Layers<String> {
  private static final int FLOAT = 1;
  private static final int INT64 = 7;

  private final Weights weights;
  private final Message graph = new Message();
  private long parameters;
  private int values;

  /// A protobuf message in the making: fields of integers, bytes and messages are all that ONNX
  /// needs.
  private static final class Message {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private void varint(long value) {
      for (; (value & ~0x7fL) != 0; value >>>= 7) {
        bytes.write((int) (value & 0x7f | 0x80));
      }
      bytes.write((int) value);
    }

    Message put(int field, long value) {
      varint(field << 3);
      varint(value);
      return this;
    }

    Message put(int field, float value) {
      varint(field << 3 | 5);
      bytes.writeBytes(floats(value));
      return this;
    }

    Message put(int field, byte[] value) {
      varint(field << 3 | 2);
      varint(value.length);
      bytes.writeBytes(value);
      return this;
    }

    Message put(int field, String value) {
      return put(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message put(int field, Message value) {
      return put(field, value.bytes.toByteArray());
    }
  }

  OnnxFile(Weights weights) {
    this.weights = weights;
  }

  /// @param batch images per call
  /// @param height rows of an image, −1 for any number that suits the network
  /// @param width columns, likewise
  byte[] write(int batch, int height, int width) {
    String denoised = denoise(weights, false, "noisy");
    graph.put(2, "denoiser");
    int[] shape = {batch, Images.CHANNELS, height, width};
    graph.put(11, image("noisy", shape)).put(12, image(denoised, shape));
    Message operators = new Message().put(2, 17);
    Message model = new Message().put(1, 8).put(7, graph).put(8, operators);
    return model.bytes.toByteArray();
  }

  long parameters() {
    return parameters;
  }

  private static Message image(String name, int[] extents) {
    Message shape = new Message();
    for (int i = 0; i < extents.length; i++) {
      Message extent = new Message();
      shape.put(1, extents[i] < 0 ? extent.put(2, "side" + i) : extent.put(1, extents[i]));
    }
    Message tensor = new Message().put(1, FLOAT).put(2, shape);
    return new Message().put(1, name).put(2, new Message().put(1, tensor));
  }

  private static byte[] floats(float... values) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    return buffer.array();
  }

  private String weight(String name) {
    Numbers numbers = weights.get(name);
    Numbers planes = numbers.shape().length == 4 ? numbers.planes(false) : numbers;
    parameters += planes.values().length;
    return tensor(name, planes.shape(), planes.values());
  }

  private String tensor(String name, int[] shape, float... values) {
    Message tensor = new Message();
    for (int extent : shape) {
      tensor.put(1, extent);
    }
    graph.put(5, tensor.put(2, FLOAT).put(8, name).put(9, floats(values)));
    return name;
  }

  private static Message number(String name, float value) {
    return new Message().put(1, name).put(20, 1).put(2, value);
  }

  private static Message ints(String name, long... values) {
    Message attribute = new Message().put(1, name).put(20, 7);
    for (long value : values) {
      attribute.put(8, value);
    }
    return attribute;
  }

  private String node(String operator, Message attribute, String... inputs) {
    return node(operator, new Message[] {attribute}, inputs);
  }

  private String node(String operator, Message[] attributes, String... inputs) {
    String output = "value" + values++;
    Message node = new Message().put(4, operator).put(2, output);
    for (String input : inputs) {
      node.put(1, input);
    }
    for (Message attribute : attributes) {
      node.put(5, attribute);
    }
    graph.put(1, node);
    return output;
  }

  private String conv(String operator, String name, String x, Conv2dSpec spec) {
    int before = spec.padTop();
    int after = Layers.padding(spec) - before;
    Message[] attributes = {
      ints("kernel_shape", spec.kh(), spec.kw()),
      ints("strides", spec.stride(), spec.stride()),
      ints("pads", before, before, after, after)
    };
    return node(operator, attributes, x, weight(name + "/kernel"), weight(name + "/bias"));
  }

  @Override
  public String conv(String name, String x, Conv2dSpec spec) {
    return conv("Conv", name, x, spec);
  }

  @Override
  public String convTranspose(String name, String x, Conv2dSpec mirror) {
    return conv("ConvTranspose", name, x, mirror);
  }

  @Override
  public String batchNorm(String name, String x) {
    return node(
        "BatchNormalization",
        number("epsilon", BatchNorm.EPSILON),
        x,
        weight(name + "/gamma"),
        weight(name + "/beta"),
        weight(name + "/moving_mean"),
        weight(name + "/moving_variance"));
  }

  @Override
  public String relu(String x) {
    return node("Relu", new Message[0], x);
  }

  @Override
  public String leakyRelu(String x) {
    return node("LeakyRelu", number("alpha", Activation.SLOPE), x);
  }

  @Override
  public String concat(String a, String b) {
    return node("Concat", new Message().put(1, "axis").put(20, 2).put(3, 1L), a, b);
  }

  @Override
  public String slice(String x, int from, int channels) {
    String at = "value" + values++;
    return node(
        "Slice",
        new Message[0],
        x,
        whole(at + "/from", from),
        whole(at + "/to", from + channels),
        whole(at + "/axis", 1));
  }

  private String whole(String name, long value) {
    graph.put(5, new Message().put(1, 1L).put(2, INT64).put(8, name).put(7, value));
    return name;
  }

  @Override
  public String blend(String x, String mask, String change) {
    return add(x, node("Mul", new Message[0], mask, change));
  }

  @Override
  public String add(String a, String b) {
    return node("Add", new Message[0], a, b);
  }

  @Override
  public String clip(String x) {
    int[] scalar = {};
    return node("Clip", new Message[0], x, tensor("zero", scalar, 0), tensor("one", scalar, 1));
  }

  @Override
  public String sigmoid(String x) {
    return node("Sigmoid", new Message[0], x);
  }
}
