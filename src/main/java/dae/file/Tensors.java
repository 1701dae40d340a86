package dae.file;

import dae.UserError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a run keeps between two starts, on its way to or from a safetensors file: tensors and
/// strings by name. Whatever is [Stateful] puts its own in and takes it out again.
public final class Tensors {
  private final String source;
  private final String prefix;
  private final Map<String, String> texts;
  private final Map<String, Safetensors.Entry> tensors;

  private Tensors(
      String source,
      String prefix,
      Map<String, String> texts,
      Map<String, Safetensors.Entry> tensors) {
    this.source = source;
    this.prefix = prefix;
    this.texts = texts;
    this.tensors = tensors;
  }

  /// Empty, to be filled.
  public Tensors() {
    this("memory", "", new LinkedHashMap<>(), new LinkedHashMap<>());
  }

  /// Reads a file.
  ///
  /// @throws UserError in one line, if it is not a whole safetensors file
  public static Tensors read(Path source) {
    try {
      Safetensors file = Safetensors.read(source);
      return new Tensors(source.toString(), "", file.metadata(), file.tensors());
    } catch (IOException e) {
      throw new UserError(
          source + ": expected a readable state, got " + Reason.of(e) + " — check the path", e);
    }
  }

  /// Writes all of it, atomically.
  ///
  /// @throws IOException when it cannot be written; an old file stays intact
  public void write(Path target) throws IOException {
    write(target, null);
  }

  /// The same, and the old file gets another name.
  ///
  /// @param before that name; null for none
  public void write(Path target, Path before) throws IOException {
    new Safetensors(texts, tensors).write(target, before);
  }

  /// The same, where every tensor's name begins with this.
  public Tensors under(String start) {
    return new Tensors(source, prefix + start, texts, tensors);
  }

  /// Everything so far, by its whole name.
  public Map<String, Safetensors.Entry> all() {
    return tensors;
  }

  /// Where it comes from, for people.
  public String source() {
    return source;
  }

  /// @param values not copied
  public void put(String name, int[] shape, float[] values) {
    tensors.put(prefix + name, new Safetensors.Entry(shape, values));
  }

  /// Keeps a string or a number.
  public void put(String key, Object value) {
    texts.put(key, "" + value);
  }

  /// The values of a tensor.
  ///
  /// @throws UserError if there is none of this name and shape
  public float[] get(String name, int[] shape) {
    Safetensors.Entry entry = tensors.get(prefix + name);
    if (entry == null || !Arrays.equals(entry.shape(), shape)) {
      throw new UserError(
          "%s: tensor %s: expected %s, got %s — it is not a state of this run"
              .formatted(
                  source,
                  prefix + name,
                  Arrays.toString(shape),
                  entry == null ? "none" : Arrays.toString(entry.shape())));
    }
    return entry.data();
  }

  /// @throws UserError if there is none
  public String text(String key) {
    String text = texts.get(key);
    if (text == null) {
      throw new UserError(
          source + ": expected a run's state, got a file without " + key + " — check the path");
    }
    return text;
  }

  /// @throws UserError if it is not at least 0
  public double number(String key) {
    String text = text(key);
    try {
      double number = Double.parseDouble(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw damaged(key, "a number", text, e);
    }
    throw damaged(key, "a number of at least 0", text, null);
  }

  /// @throws UserError if it is not a whole number from 0 to `most`
  public long whole(String key, long most) {
    String text = text(key);
    try {
      long number = Long.parseLong(text);
      if (number >= 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw damaged(key, "a whole number", text, e);
    }
    throw damaged(key, "0 to " + most, text, null);
  }

  private UserError damaged(String key, String expected, String got, Throwable cause) {
    return new UserError(
        "%s, %s: expected %s, got %s — start a new run".formatted(source, key, expected, got),
        cause);
  }
}
