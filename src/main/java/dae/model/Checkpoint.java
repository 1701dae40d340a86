package dae.model;

import dae.Printable;
import dae.UserError;
import dae.file.Reason;
import dae.file.Safetensors;
import dae.file.Tensors;
import dae.graph.Param;
import dae.graph.Parameters;
import dae.kernel.Backend;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A model as a safetensors file: the weights and moving statistics of a [Network], its word, and
/// what is remembered of its training.
///
/// @since 0.1.0
public final class Checkpoint {
  private static final String ARCHITECTURE = "denoising-autoencoder";
  private static final String VERSION = "1";

  /// The model for photographs.
  public static final String PHOTO = "photo";

  /// The model for CIFAR's images.
  public static final String CIFAR = "cifar";

  /// The models that come with the program, the usual one first. What each is and how it was made
  /// is in its card beside it, such as `photo.md`.
  public static final List<String> BUILT_IN = List.of(PHOTO, CIFAR, "article", "restore");

  /// The key of a model's licence among its metadata.
  public static final String LICENCE = "licence";

  static final String NETWORK = "network";

  private final String source;
  private final Map<String, String> metadata;
  private final Map<String, Safetensors.Entry> tensors;
  private final Network network;
  private final List<Param> params;

  Checkpoint(String source, Safetensors file) {
    this.source = source;
    this.metadata = file.metadata();
    this.tensors = file.tensors();
    requireVersion();
    network = readNetwork();
    params = params(network);
    requireTensors();
  }

  /// Writes the weights, atomically.
  ///
  /// @param network whose they are
  /// @param metadata what to remember of their training
  /// @param float16 whether kernels are rounded to 16-bit floats, which halves the file
  /// @throws IOException when the file cannot be written; an old one stays intact
  public static void save(
      Path target,
      Network network,
      Parameters parameters,
      Map<String, String> metadata,
      boolean float16)
      throws IOException {
    Tensors copies = new Tensors();
    parameters.save(copies);
    file(network, copies.all(), metadata, float16).write(target);
  }

  /// Writes this model, atomically.
  ///
  /// @param float16 whether kernels are rounded to 16-bit floats, which halves the file
  /// @throws IOException when the file cannot be written; an old one stays intact
  public void save(Path target, boolean float16) throws IOException {
    file(network, new LinkedHashMap<>(tensors), metadata, float16).write(target);
  }

  /// A model as a file, before it is written.
  static Safetensors file(
      Network network,
      Map<String, Safetensors.Entry> tensors,
      Map<String, String> metadata,
      boolean float16) {
    if (float16) {
      tensors.replaceAll((name, entry) ->
          entry.shape().length == 1
              ? entry
              : new Safetensors.Entry(entry.shape(), entry.data(), Safetensors.Dtype.F16));
    }
    Map<String, String> all = new LinkedHashMap<>();
    all.put("architecture", ARCHITECTURE);
    all.put("version", VERSION);
    all.putAll(metadata);
    all.put(NETWORK, network.word());
    return new Safetensors(all, tensors);
  }

  /// Rounds kernels to 16-bit floats, so that a file with such kernels holds the very same model.
  public static void roundKernels(Parameters parameters) {
    for (Param param : parameters.all().values()) {
      if (isKernel(param.shape().extents())) {
        float[] values = parameters.get(param.name());
        for (int i = 0; i < values.length; i++) {
          values[i] = Float.float16ToFloat(Float.floatToFloat16(values[i]));
        }
        parameters.set(param.name(), values);
      }
    }
  }

  private static boolean isKernel(int[] shape) {
    return shape.length == 4;
  }

  /// Reads a file and checks that it holds its network, whole. One of Keras or PyTorch, which names
  /// none, is taken for the article's.
  ///
  /// @throws UserError one line that names the tensor, the expected and the found shape
  public static Checkpoint load(Path source) {
    return load(source, null);
  }

  /// The same.
  ///
  /// @param network word for a file that names none; null for the article's
  /// @throws UserError one line that names the tensor, the expected and the found shape
  public static Checkpoint load(Path source, String network) {
    try {
      Safetensors file = Imported.isKeras(source) ? null : Safetensors.read(source);
      return file == null || StateDict.is(file)
          ? Imported.of(source, file, network, null, Map.of()).checkpoint()
          : new Checkpoint(source.toString(), file);
    } catch (IOException e) {
      throw new UserError(
          source + ": expected a readable model, got " + Reason.of(e) + " — check the path", e);
    }
  }

  /// The usual one of the models that come with the program.
  public static Checkpoint builtIn() {
    return builtIn(BUILT_IN.getFirst());
  }

  /// A model that comes with the program.
  ///
  /// @param name one of [#BUILT_IN]
  /// @throws UserError that lists them, if it is not
  public static Checkpoint builtIn(String name) {
    if (!BUILT_IN.contains(name)) {
      throw new UserError(
          "model: expected one of %s, got '%s' — name another"
              .formatted(String.join(", ", BUILT_IN), name));
    }
    try (InputStream in = Checkpoint.class.getResourceAsStream(name + ".safetensors")) {
      byte[] bytes = in.readAllBytes();
      String source = "the built-in model " + name;
      Safetensors file = Safetensors.read(source, bytes.length, new ByteArrayInputStream(bytes));
      Map<String, String> metadata = new LinkedHashMap<>(file.metadata());
      metadata.putIfAbsent(LICENCE, "Apache-2.0");
      return new Checkpoint(source, new Safetensors(metadata, file.tensors()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads a model file's bytes and checks that they hold its network, whole.
  ///
  /// @param source what to call them in messages
  /// @throws UserError one line that says what is wrong
  public static Checkpoint read(String source, byte[] file) {
    try {
      return new Checkpoint(
          source, Safetensors.read(source, file.length, new ByteArrayInputStream(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void requireVersion() {
    if (!metadata.getOrDefault("architecture", ARCHITECTURE).equals(ARCHITECTURE)
        || !metadata.getOrDefault("version", VERSION).equals(VERSION)) {
      throw new UserError(
          "%s: expected a %s file of version %s, got %s, version %s — it needs another program"
              .formatted(
                  source,
                  ARCHITECTURE,
                  VERSION,
                  metadata.get("architecture"),
                  metadata.get("version")));
    }
  }

  private Network readNetwork() {
    String word = metadata.get(NETWORK);
    try {
      return word == null ? ArticleNetwork.of(tensors) : Networks.named(word);
    } catch (UserError e) {
      throw new UserError(
          "%s: expected a network that this program knows, got %s — it needs another program"
              .formatted(
                  source,
                  word == null
                      ? "one that the file does not name, and that is not the article's"
                      : "'" + Printable.shortened(word) + "'"),
          e);
    }
  }

  private void requireTensors() {
    Map<String, Safetensors.Entry> unknown = new LinkedHashMap<>(tensors);
    for (Param param : params) {
      Safetensors.Entry entry = unknown.remove(param.name());
      int[] extents = param.shape().extents();
      if (entry == null || !Arrays.equals(entry.shape(), extents)) {
        throw misfit(param.name(), Arrays.toString(extents), entry);
      }
      requireNumbers(param.name(), entry.data());
    }
    if (!unknown.isEmpty()) {
      String name = unknown.keySet().iterator().next();
      throw misfit(name, "no tensor of that name", unknown.get(name));
    }
  }

  private void requireNumbers(String tensor, float[] data) {
    float least = tensor.endsWith("/moving_variance") ? 0 : -Float.MAX_VALUE;
    for (float value : data) {
      if (!(value >= least && value <= Float.MAX_VALUE)) {
        throw new UserError(
            "%s: tensor %s: expected finite numbers%s, got %s — take another model, or train it again"
                .formatted(source, tensor, least == 0 ? " of at least 0" : "", value));
      }
    }
  }

  private UserError misfit(String tensor, String expected, Safetensors.Entry got) {
    return new UserError(
        "%s: tensor %s: expected %s, got %s — it is not a model of the network %s"
            .formatted(
                source, tensor, expected, got == null ? "none" : shape(got), network.word()));
  }

  private static String shape(Safetensors.Entry entry) {
    return Arrays.toString(entry.shape());
  }

  static List<Param> params(Network network) {
    int side = network.multiple();
    return Denoising.inference(network, side, side).graph().params();
  }

  /// Where it comes from, for people.
  public String source() {
    return source;
  }

  /// Whose weights they are.
  public Network network() {
    return network;
  }

  /// What was remembered of the training.
  public Map<String, String> metadata() {
    return metadata;
  }

  /// The weights and moving statistics, in the network's order.
  public Map<String, Safetensors.Entry> tensors() {
    return tensors;
  }

  /// The weights on a backend, for every plan of its [#network].
  public Parameters parameters(Backend backend) {
    Parameters parameters = new Parameters(params, backend, 0);
    copyTo(parameters);
    return parameters;
  }

  /// Whether a network has all tensors of this one, by name and shape, so that its training can
  /// start from these weights.
  public boolean isPartOf(Network other) {
    Map<String, int[]> shapes = new HashMap<>();
    params(other).forEach(param -> shapes.put(param.name(), param.shape().extents()));
    return tensors.entrySet().stream()
        .allMatch(tensor -> Arrays.equals(tensor.getValue().shape(), shapes.get(tensor.getKey())));
  }

  /// Sets the weights of the same network, or of one that it is part of.
  public void copyTo(Parameters parameters) {
    tensors.forEach((name, entry) -> parameters.set(name, entry.data()));
  }
}
