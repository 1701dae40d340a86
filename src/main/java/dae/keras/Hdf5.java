package dae.keras;

import dae.Printable;
import dae.UserError;
import dae.file.Safetensors;
import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Link;
import io.jhdf.api.Node;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.FloatingPoint;
import io.jhdf.object.datatype.StringData;
import io.jhdf.object.datatype.VariableLength;
import io.jhdf.object.message.DataLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// An HDF5 file that may lie. It is in memory as a whole, no link is followed, no group is in two
/// places, and all that is taken out of it together is no larger than itself.
final class Hdf5 {
  static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

  private static final String DAMAGED =
      " — the file is damaged or incomplete; copy or save it again";

  private final String source;
  private final HdfFile file;

  /// More than any model has.
  private static final int MOST_VISITS = 1_000_000;

  /// Where each group lies and what it is called. One that had many names could lie in itself, or
  /// make of a small file more paths than anybody can walk.
  private final Map<Long, String> groups = new HashMap<>();

  /// Bytes that may still be taken out.
  private long left;

  private long visits;

  /// @param source what to call the file in a message
  Hdf5(String source, byte[] bytes) {
    this.source = source;
    left = bytes.length;
    file = guarded("its head", () -> HdfFile.fromBytes(bytes));
    groups.put(guarded("its head", file::getAddress), "/");
  }

  Group root() {
    return file;
  }

  /// What is in a group, none of it a link.
  List<Node> children(Group group) {
    List<Node> children = guarded(path(group), () -> List.copyOf(group.getChildren().values()));
    visits += children.size();
    if (visits > MOST_VISITS) {
      throw misfit(path(group), "fewer objects", "too many to look at");
    }
    for (Node child : children) {
      if (child.isLink()) {
        throw new UserError(
            "%s: expected all weights in the file itself, got %s, a link to %s — save it in one piece"
                .formatted(
                    source,
                    Printable.shortened(path(group) + "/" + child.getName()),
                    Printable.shortened(guarded("a link", ((Link) child)::getTargetPath))));
      }
      if (child instanceof Group) {
        String other = groups.putIfAbsent(child.getAddress(), path(child));
        if (other != null && !other.equals(path(child))) {
          throw misfit(
              path(child), "a group of its own", "another name of " + Printable.shortened(other));
        }
      }
    }
    return children;
  }

  /// A member of a group, or null.
  Node child(Group group, String name) {
    return children(group).stream()
        .filter(child -> child.getName().equals(name))
        .findFirst()
        .orElse(null);
  }

  /// A group in a group, or null.
  Group group(Group group, String name) {
    return child(group, name) instanceof Group found ? found : null;
  }

  /// The strings of an attribute; null where there is none.
  List<String> texts(Node node, String name) {
    return guarded(
        path(node) + "@" + name,
        () -> {
          Attribute attribute = node.getAttribute(name);
          if (attribute == null) {
            return null;
          }
          // An empty list has any type.
          if (attribute.isEmpty() || attribute.getSize() == 0) {
            return List.of();
          }
          DataType type = attribute.getDataType();
          if (!(type instanceof StringData || type instanceof VariableLength)) {
            throw misfit(path(node) + "@" + name, "strings", type.getClass().getSimpleName());
          }
          take(attribute.getDimensionsAsLong(), Math.max(1, type.getSize()), name);
          Object data = attribute.getData();
          return data instanceof Object[] all
              ? Arrays.stream(all).map(String::valueOf).toList()
              : List.of(String.valueOf(data));
        });
  }

  /// Values of 16, 32 or 64 bits as float32.
  ///
  /// @throws UserError if they are no such values, or one is not finite
  Safetensors.Entry values(Node node) {
    String path = path(node);
    return guarded(
        path,
        () -> {
          if (!(node instanceof Dataset dataset)) {
            throw misfit(path, "values", "a group");
          }
          requireFloats(path, dataset.getDataType());
          DataLayout layout = dataset.getDataLayout();
          if (layout != DataLayout.CONTIGUOUS && layout != DataLayout.COMPACT) {
            throw new UserError(
                "%s: %s: expected values in one piece, as Keras writes them, got %s — h5repack -l CONTI brings them there"
                    .formatted(source, Printable.shortened(path), layout));
          }
          long[] extents = dataset.getDimensionsAsLong();
          take(extents, dataset.getDataType().getSize(), path);
          int[] shape = Arrays.stream(extents).mapToInt(Math::toIntExact).toArray();
          float[] values =
              switch (dataset.getDataFlat()) {
                case float[] floats -> floats;
                case double[] wide -> narrow(wide);
                default -> throw misfit(path, "values", "none of " + Arrays.toString(shape));
              };
          for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
              throw misfit(path, "finite numbers", values[i] + " at index " + i);
            }
          }
          return new Safetensors.Entry(shape, values);
        });
  }

  private static float[] narrow(double[] wide) {
    float[] values = new float[wide.length];
    for (int i = 0; i < wide.length; i++) {
      values[i] = (float) wide[i];
    }
    return values;
  }

  private void requireFloats(String path, DataType type) {
    int exponent =
        switch (type.getSize()) {
          case Short.BYTES -> 5;
          case Float.BYTES -> 8;
          default -> 11;
        };
    boolean ieee =
        type instanceof FloatingPoint real
            && List.of(Short.BYTES, Float.BYTES, Double.BYTES).contains(type.getSize())
            && real.getBitPrecision() == 8 * type.getSize()
            && real.getExponentSize() == exponent
            && real.getExponentBias() == (1 << exponent - 1) - 1;
    if (!ieee) {
      throw misfit(
          path,
          "floats of 16, 32 or 64 bits",
          type.getClass().getSimpleName() + " of " + 8L * type.getSize() + " bits");
    }
  }

  /// Asks before memory is taken.
  private void take(long[] extents, int bytes, String path) {
    long size = bytes;
    for (long extent : extents) {
      size = extent < 0 ? Long.MAX_VALUE : Math.multiplyExact(size, extent);
    }
    if (size > left) {
      throw misfit(path, "no more values than the file has bytes for", Arrays.toString(extents));
    }
    left -= size;
  }

  private UserError misfit(String path, String expected, String got) {
    return new UserError(
        "%s: %s: expected %s, got %s — save it with Keras again"
            .formatted(source, Printable.shortened(path), expected, got));
  }

  static String path(Node node) {
    return node.getPath().replaceAll("^/+|/+$", "");
  }

  /// Whatever a damaged file makes the library throw.
  private <T> T guarded(String what, Supplier<T> read) {
    try {
      return read.get();
    } catch (UserError e) {
      throw e;
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      Throwable root = e;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      String reason =
          root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
      throw new UserError(
          "%s: expected a whole HDF5 file, got at %s: %s%s"
              .formatted(source, Printable.shortened(what), Printable.shortened(reason), DAMAGED),
          e);
    }
  }
}
