package dae.keras;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Writes HDF5 as h5py does by default: superblock 0, object headers 1, groups as symbol tables,
/// values in one piece. After *HDF5 File Format Specification Version 3.0*, whose section numbers
/// are in the comments; it shares nothing with the library that reads.
public final class Hdf5Writer {
  private static final long UNDEFINED = -1;

  /// Entries that a symbol table node has room for, twice this.
  private final int leafK;

  private static final int INTERNAL_K = 16;

  private final ByteArrayOutputStream file = new ByteArrayOutputStream();
  private final Map<Object, Long> written = new IdentityHashMap<>();

  private Hdf5Writer(int leafK) {
    this.leafK = leafK;
  }

  /// A link instead of an object.
  ///
  /// @param file null for a soft link
  private record Link(String file, String path) {}

  /// Values of one type.
  ///
  /// @param type its message, section IV.A.2.d
  private record Values(int[] shape, byte[] type, byte[] bytes) {}

  /// A group in the making.
  public static final class Group {
    private final Map<String, Object> children = new TreeMap<>();
    private final Map<String, List<String>> texts = new LinkedHashMap<>();

    /// A group in it; there already or new.
    public Group group(String path) {
      Group at = this;
      for (String name : path.split("/")) {
        at = (Group) at.children.computeIfAbsent(name, n -> new Group());
      }
      return at;
    }

    /// Another name of an object in it.
    public Group hardLink(String name, String target) {
      children.put(name, children.get(target));
      return this;
    }

    public Group remove(String name) {
      children.remove(name);
      return this;
    }

    public Group floats(String path, int[] shape, float... values) {
      ByteBuffer bytes = buffer(4 * values.length);
      bytes.asFloatBuffer().put(values);
      return put(path, new Values(shape, floating(4, 23, 8, 127), bytes.array()));
    }

    public Group doubles(String path, int[] shape, double... values) {
      ByteBuffer bytes = buffer(8 * values.length);
      bytes.asDoubleBuffer().put(values);
      return put(path, new Values(shape, floating(8, 52, 11, 1023), bytes.array()));
    }

    public Group integers(String path, int[] shape, long... values) {
      ByteBuffer bytes = buffer(8 * values.length);
      bytes.asLongBuffer().put(values);
      byte[] type =
          buffer(12).putInt(0x0810).putInt(8).putShort((short) 0).putShort((short) 64).array();
      return put(path, new Values(shape, type, bytes.array()));
    }

    /// An attribute of strings.
    public Group texts(String name, String... values) {
      texts.put(name, List.of(values));
      return this;
    }

    public Group softLink(String path, String target) {
      return put(path, new Link(null, target));
    }

    public Group externalLink(String path, String file, String target) {
      return put(path, new Link(file, target));
    }

    private Group put(String path, Object child) {
      int slash = path.lastIndexOf('/');
      Group parent = slash < 0 ? this : group(path.substring(0, slash));
      parent.children.put(path.substring(slash + 1), child);
      return this;
    }

    public byte[] bytes() {
      return new Hdf5Writer(64).write(this);
    }

    /// With room for eight objects in a group.
    byte[] small() {
      return new Hdf5Writer(4).write(this);
    }
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// Section IV.A.2.d, class 1: little-endian, the leading 1 of the mantissa implied.
  private static byte[] floating(int size, int mantissa, int exponent, int bias) {
    int bits = 8 * size;
    ByteBuffer type = buffer(20);
    type.put((byte) 0x11).put((byte) 0x20).put((byte) (bits - 1)).put((byte) 0).putInt(size);
    type.putShort((short) 0).putShort((short) bits);
    type.put((byte) mantissa).put((byte) exponent).put((byte) 0).put((byte) mantissa);
    return type.putInt(bias).array();
  }

  /// Appends, aligned to 8 bytes, and says where.
  private long append(byte[] bytes) {
    long at = file.size();
    file.writeBytes(Arrays.copyOf(bytes, (bytes.length + 7) / 8 * 8));
    return at;
  }

  /// Section II.A, version 0.
  private byte[] write(Group root) {
    append(new byte[96]);
    long header = group(root);
    byte[] bytes = file.toByteArray();
    ByteBuffer superblock = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    superblock.put(new byte[] {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'});
    superblock.put(new byte[] {0, 0, 0, 0, 0, 8, 8, 0});
    superblock.putShort((short) leafK).putShort((short) INTERNAL_K).putInt(0);
    superblock.putLong(0).putLong(UNDEFINED).putLong(bytes.length).putLong(UNDEFINED);
    superblock.putLong(0).putLong(header);
    return bytes;
  }

  private long object(Object object) {
    if (!written.containsKey(object)) {
      written.put(object, object instanceof Group group ? group(group) : values((Values) object));
    }
    return written.get(object);
  }

  private long values(Values values) {
    long at = values.bytes.length == 0 ? UNDEFINED : append(values.bytes);
    // Section IV.A.2.f: nothing is filled in. Section IV.A.2.i, version 3: in one piece.
    byte[] fill = {2, 2, 2, 1, 0, 0, 0, 0};
    ByteBuffer layout = buffer(18).put((byte) 3).put((byte) 1).putLong(at);
    layout.putLong(values.bytes.length);
    return header(
        message(0x01, space(values.shape)),
        message(0x03, values.type),
        message(0x05, fill),
        message(0x08, layout.array()));
  }

  /// Section IV.A.2.b, version 1.
  private static byte[] space(int... shape) {
    ByteBuffer space = buffer(8 + 8 * shape.length);
    space.put((byte) 1).put((byte) shape.length).position(8);
    for (int extent : shape) {
      space.putLong(extent);
    }
    return space.array();
  }

  private long group(Group group) {
    List<byte[]> messages = new ArrayList<>();
    boolean plain = group.children.values().stream().noneMatch(Link.class::isInstance);
    if (plain) {
      messages.add(message(0x11, symbolTable(group.children)));
    } else {
      // Section IV.A.2.c: links in the header itself.
      messages.add(message(0x02, buffer(18).putShort((short) 0).putLong(-1).putLong(-1).array()));
      group.children.forEach((name, child) -> messages.add(message(0x06, link(name, child))));
    }
    group.texts.forEach((name, values) -> messages.add(message(0x0c, attribute(name, values))));
    return header(messages.toArray(byte[][]::new));
  }

  /// Section IV.A.2.g.
  private byte[] link(String name, Object child) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    int kind = !(child instanceof Link link) ? 0 : link.file == null ? 1 : 64;
    out.writeBytes(new byte[] {1, 8, (byte) kind, (byte) utf8.length});
    out.writeBytes(utf8);
    if (child instanceof Link link) {
      String text = link.file == null ? link.path : "\0" + link.file + "\0" + link.path + "\0";
      byte[] target = text.getBytes(StandardCharsets.UTF_8);
      out.writeBytes(buffer(2).putShort((short) target.length).array());
      out.writeBytes(target);
    } else {
      out.writeBytes(buffer(8).putLong(object(child)).array());
    }
    return out.toByteArray();
  }

  /// Sections III.A.1, III.B and III.D: a tree of one node with one leaf, and the heap of names.
  private byte[] symbolTable(Map<String, Object> children) {
    ByteArrayOutputStream names = new ByteArrayOutputStream();
    names.writeBytes(new byte[8]);
    ByteBuffer leaf = buffer(8 + 2 * leafK * 40);
    leaf.put("SNOD".getBytes(StandardCharsets.US_ASCII)).put((byte) 1).put((byte) 0);
    leaf.putShort((short) children.size());
    long last = 0;
    for (Map.Entry<String, Object> child : children.entrySet()) {
      last = names.size();
      byte[] name = child.getKey().getBytes(StandardCharsets.UTF_8);
      names.writeBytes(Arrays.copyOf(name, (name.length + 8) / 8 * 8));
      leaf.putLong(last).putLong(object(child.getValue())).putLong(0).putLong(0).putLong(0);
    }
    long segment = append(names.toByteArray());
    ByteBuffer heap = buffer(32).put("HEAP".getBytes(StandardCharsets.US_ASCII)).putInt(0);
    long heapAt = append(heap.putLong(names.size()).putLong(1).putLong(segment).array());
    ByteBuffer tree = buffer(24 + 8 * (2 * INTERNAL_K + 1) + 16 * INTERNAL_K);
    tree.put("TREE".getBytes(StandardCharsets.US_ASCII)).putShort((short) 0);
    tree.putShort((short) (children.isEmpty() ? 0 : 1)).putLong(UNDEFINED).putLong(UNDEFINED);
    tree.putLong(0).putLong(append(leaf.array())).putLong(last);
    return buffer(16).putLong(append(tree.array())).putLong(heapAt).array();
  }

  /// Section IV.A.2.m, version 1: strings of one length, padded with zeros.
  private static byte[] attribute(String name, List<String> values) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    int length = values.stream().mapToInt(text -> text.length()).max().orElse(1);
    byte[] strings = buffer(8).putInt(0x0113).putInt(length).array();
    // What h5py makes of an empty list.
    byte[] type = values.isEmpty() ? Arrays.copyOf(floating(8, 52, 11, 1023), 24) : strings;
    byte[] space = space(values.size());
    int named = (utf8.length + 8) / 8 * 8;
    ByteBuffer out = buffer(8 + named + type.length + space.length + values.size() * length);
    out.put((byte) 1).put((byte) 0).putShort((short) (utf8.length + 1));
    out.putShort((short) type.length).putShort((short) space.length);
    out.put(Arrays.copyOf(utf8, named)).put(type).put(space);
    for (String text : values) {
      out.put(Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), length));
    }
    return out.array();
  }

  /// Section IV.A.1.a: each message padded to a multiple of 8 bytes.
  private static byte[] message(int type, byte[] data) {
    int size = (data.length + 7) / 8 * 8;
    ByteBuffer message = buffer(8 + size).putShort((short) type).putShort((short) size).putInt(0);
    return message.put(data).array();
  }

  private long header(byte[]... messages) {
    int size = Arrays.stream(messages).mapToInt(message -> message.length).sum();
    ByteBuffer header = buffer(16 + size).put((byte) 1).put((byte) 0);
    header.putShort((short) messages.length).putInt(1).putInt(size).putInt(0);
    for (byte[] message : messages) {
      header.put(message);
    }
    return append(header.array());
  }
}
