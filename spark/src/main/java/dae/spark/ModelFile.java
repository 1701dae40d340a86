package dae.spark;

import dae.UserError;
import dae.model.Checkpoint;
import dae.model.Models;
import java.io.IOException;
import java.io.Serializable;
import java.util.zip.CRC32;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/// A model on its way to the executors.
///
/// @param source what to call it in messages
/// @param bytes of its safetensors file; empty for one that comes with the program, by its name
record ModelFile(String source, byte[] bytes) implements Serializable {
  private static final int MOST = 1 << 30;

  /// Reads a model.
  ///
  /// @param name one that comes with the program, a file of any file system of Hadoop's, or one of
  ///   the user's own
  /// @throws UserError if it is neither or no model
  static ModelFile of(String name, Configuration hadoop) {
    boolean builtIn = Checkpoint.BUILT_IN.contains(name);
    ModelFile file = new ModelFile(name, builtIn ? new byte[0] : read(name, hadoop));
    file.checkpoint();
    return file;
  }

  private static byte[] read(String name, Configuration hadoop) {
    try {
      Path path = HadoopPath.of("--model", name);
      java.nio.file.Path own = Models.ofUser().find(name);
      if (own != null && !path.getFileSystem(hadoop).exists(path)) {
        path = new Path(own.toUri());
      }
      try (FSDataInputStream in = path.getFileSystem(hadoop).open(path)) {
        return in.readNBytes(MOST);
      }
    } catch (IOException e) {
      throw new UserError(
          "model: expected one of %s, one of yours or a readable file, got %s (%s) — check --model"
              .formatted(String.join(", ", Checkpoint.BUILT_IN), name, HadoopPath.reason(e)),
          e);
    }
  }

  Checkpoint checkpoint() {
    return bytes.length == 0 && Checkpoint.BUILT_IN.contains(source)
        ? Checkpoint.builtIn(source)
        : Checkpoint.read(source, bytes);
  }

  /// Tells models in one JVM apart.
  String key() {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return "%s, %d bytes, CRC %08x".formatted(source, bytes.length, crc.getValue());
  }
}
