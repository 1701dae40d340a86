package dae.keras;

import dae.Heap;
import dae.Printable;
import dae.UserError;
import dae.file.PlainFile;
import dae.file.Safetensors;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// The layers of a file that Keras has saved: weights (`.h5`, `.weights.h5`) or a whole model
/// (`.h5`, `.keras`).
///
/// @param source what to call it, for people
/// @param format of which generation it is, for people
/// @param inOrder whether the layers are in the model's order; else those of a kind are, among
///   themselves
/// @param layers those with weights
public record KerasFile(String source, String format, boolean inOrder, List<KerasLayer> layers) {
  private static final byte[] ZIP = {'P', 'K', 3, 4};

  /// What `.keras` files call the weights in them.
  private static final String WEIGHTS = "model.weights.h5";

  /// The largest file that is read, in bytes.
  private static final long MOST = 1 << 30;

  /// Weights are noise: what shrinks more than this is none.
  private static final int MOST_EXPANSION = 100;

  private static final int DEEPEST = 16;

  /// Where Keras 3 keeps what is not the model itself.
  private static final List<String> ASIDE =
      List.of("optimizer", "seed_generator", "metrics", "_metrics", "compile_metrics", "loss");

  /// Whether a file begins like one of Keras.
  ///
  /// @param head its first bytes, eight of them
  public static boolean begins(byte[] head) {
    return Arrays.equals(head, Hdf5.SIGNATURE) || Arrays.equals(Arrays.copyOf(head, 4), ZIP);
  }

  /// Reads one.
  ///
  /// @throws UserError one line that says what does not fit
  /// @throws IOException when it cannot be read
  public static KerasFile read(Path path) throws IOException {
    String source = path.toString();
    byte[] bytes;
    try (InputStream in = PlainFile.open(path)) {
      boolean zipped = Arrays.equals(in.readNBytes(ZIP.length), ZIP);
      requireRoom(source, Files.size(path));
      bytes = zipped ? unzip(path) : PlainFile.bytes(path);
    }
    return new Reader(source, new Hdf5(source, bytes)).read();
  }

  private static byte[] unzip(Path path) throws IOException {
    try (ZipFile zip = new ZipFile(path.toFile())) {
      ZipEntry entry = zip.getEntry(WEIGHTS);
      if (entry == null) {
        throw new UserError(
            path
                + ": expected a .keras file with a "
                + WEIGHTS
                + ", got another archive — check the path");
      }
      long most = Math.min(MOST, MOST_EXPANSION * Files.size(path));
      if (entry.getSize() > most) {
        throw new UserError(
            "%s: expected %s of at most %d bytes, got %d — save it with Keras again"
                .formatted(path, WEIGHTS, most, entry.getSize()));
      }
      requireRoom(path.toString(), entry.getSize());
      try (InputStream in = zip.getInputStream(entry)) {
        byte[] bytes = in.readNBytes((int) Math.max(0, entry.getSize()));
        if (bytes.length != entry.getSize() || in.read() >= 0) {
          throw new UserError(
              path + ": expected " + WEIGHTS + " of its stated size, got another — copy it again");
        }
        return bytes;
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new UserError(
          "%s: expected a whole .keras file, got %s — copy or save it again"
              .formatted(path, Printable.shortened("" + e.getMessage())),
          e);
    }
  }

  private static void requireRoom(String source, long bytes) {
    if (bytes > MOST) {
      throw new UserError(
          "%s: expected a file of at most 1 GiB, got %d bytes — it is no model of this program"
              .formatted(source, bytes));
    }
    if (!Heap.holds(2 * bytes)) {
      throw Heap.tooSmall(source, "its weights", 2 * bytes, "take a smaller model");
    }
  }

  /// Finds the layers.
  private record Reader(String source, Hdf5 file) {
    KerasFile read() {
      Group root = file.root();
      Group model = file.group(root, "model_weights");
      Group weights = model == null ? root : model;
      List<String> names = file.texts(weights, "layer_names");
      if (names != null) {
        return new KerasFile(source, "Keras 2", true, second(weights, names));
      }
      Group layers = file.group(root, "layers");
      Group older = file.group(root, "_layer_checkpoint_dependencies");
      Group third = layers != null ? layers : older != null ? older : root;
      List<KerasLayer> found = new ArrayList<>();
      third(third, "", 0, found);
      if (found.isEmpty()) {
        throw new UserError(
            source
                + ": expected weights that Keras has saved, got another HDF5 file — check the path");
      }
      return new KerasFile(source, "Keras 3", false, List.copyOf(found));
    }

    /// A group for each layer, its attribute `weight_names` the paths below it. A model in the
    /// model is one layer: what it holds is told apart by these paths.
    private List<KerasLayer> second(Group weights, List<String> names) {
      Map<String, Map<String, Safetensors.Entry>> layers = new LinkedHashMap<>();
      for (String name : names) {
        Group group = file.group(weights, name);
        List<String> paths = group == null ? null : file.texts(group, "weight_names");
        if (paths == null) {
          throw new UserError(
              "%s: expected the layer %s with its weight_names, got none — save it with Keras again"
                  .formatted(source, Printable.shortened(name)));
        }
        for (String path : paths) {
          int slash = path.lastIndexOf('/');
          String layer = slash < 0 ? name : path.substring(0, slash);
          String weight = path.substring(slash + 1).replaceAll(":\\d+$", "");
          layers
              .computeIfAbsent(layer, l -> new LinkedHashMap<>())
              .put(weight, file.values(at(group, path)));
        }
      }
      return layers.entrySet().stream().map(e -> KerasLayer.of(e.getKey(), e.getValue())).toList();
    }

    private Node at(Group group, String path) {
      Node node = group;
      for (String name : path.split("/")) {
        node = node instanceof Group parent ? file.child(parent, name) : null;
        if (node == null) {
          throw new UserError(
              "%s: expected the weights %s in %s, got none — save it with Keras again"
                  .formatted(
                      source, Printable.shortened(path), Printable.shortened(Hdf5.path(group))));
        }
      }
      return node;
    }

    /// Groups as the model's objects lie in each other; those with weights have them in `vars`, by
    /// number.
    private void third(Group group, String path, int depth, List<KerasLayer> found) {
      if (depth > DEEPEST) {
        throw new UserError(
            source
                + ": expected layers up to "
                + DEEPEST
                + " deep, got more — the file is damaged");
      }
      List<Node> children = new ArrayList<>(file.children(group));
      children.sort(Comparator.comparing(Node::getName, Reader::byNumber));
      for (Node child : children) {
        if (!(child instanceof Group inner) || ASIDE.contains(child.getName())) {
          continue;
        }
        if (child.getName().equals("vars")) {
          List<Safetensors.Entry> values = variables(inner);
          if (!values.isEmpty()) {
            found.add(KerasLayer.of(path, named(values)));
          }
        } else {
          third(
              inner,
              path.isEmpty() ? child.getName() : path + "/" + child.getName(),
              depth + 1,
              found);
        }
      }
    }

    private List<Safetensors.Entry> variables(Group vars) {
      List<Node> all = new ArrayList<>(file.children(vars));
      all.sort(Comparator.comparing(Node::getName, Reader::byNumber));
      return all.stream().map(file::values).toList();
    }

    /// Keras gives numbers in the order in which a layer makes its weights.
    private static Map<String, Safetensors.Entry> named(List<Safetensors.Entry> values) {
      boolean vectors = values.stream().allMatch(value -> value.shape().length == 1);
      List<String> names =
          vectors && values.size() == 4
              ? List.of("gamma", "beta", "moving_mean", "moving_variance")
              : values.getFirst().shape().length == 4 && values.size() <= 2
                  ? List.of("kernel", "bias")
                  : List.of();
      Map<String, Safetensors.Entry> named = new LinkedHashMap<>();
      for (int i = 0; i < values.size(); i++) {
        named.put(i < names.size() ? names.get(i) : "" + i, values.get(i));
      }
      return named;
    }

    /// `conv2d`, `conv2d_2`, `conv2d_10`: a class has its first object without a number.
    private static int byNumber(String a, String b) {
      String stem = stem(a);
      int order = stem.compareTo(stem(b));
      return order != 0 ? order : Long.compare(number(a), number(b));
    }

    private static String stem(String name) {
      return name.replaceAll("_?\\d{1,9}$", "");
    }

    private static long number(String name) {
      String digits = name.substring(stem(name).length()).replace("_", "");
      return digits.isEmpty() ? -1 : Long.parseLong(digits);
    }
  }
}
