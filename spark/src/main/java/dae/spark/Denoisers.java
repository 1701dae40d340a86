package dae.spark;

import dae.UserError;
import dae.backend.Backends;
import dae.denoise.Cleaning;
import dae.denoise.Denoiser;
import dae.denoise.Options;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/// Cleans pictures in a DataFrame.
///
/// ```java
/// Dataset<Row> pictures = spark.read().format("binaryFile").load("hdfs:///pictures");
/// Dataset<Row> clean = pictures.withColumn("clean", Denoisers.udf(spark, "photo").apply(col("content")));
/// clean.select("path", "clean.content", "clean.error");
/// ```
public final class Denoisers {
  private static final Map<String, Denoiser> OPEN = new ConcurrentHashMap<>();

  /// Held for reading by pictures that are worked on side by side, for writing by one that needs
  /// the memory alone.
  private static final ReadWriteLock MEMORY = new ReentrantReadWriteLock(true);

  private static final Cleaning CLEANING = new Cleaning(Options.USUAL, null, Cleaning.Shows.CLEAN);

  private Denoisers() {}

  /// A function from a picture file's bytes to a row of `content`, the clean file in the same
  /// format (GIF and WebP become PNG), and `error`, one line where it could not be cleaned; the
  /// other of the two is null, both are where the bytes are.
  ///
  /// @param model one that comes with the program, or a file of any file system of Hadoop's; its
  ///   weights are broadcast once
  /// @return to be applied to a column of bytes
  /// @throws UserError if there is no such model
  public static UserDefinedFunction udf(SparkSession spark, String model) {
    ModelFile file = ModelFile.of(model, spark.sparkContext().hadoopConfiguration());
    Broadcast<ModelFile> weights =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(file);
    StructType result =
        new StructType().add("content", DataTypes.BinaryType).add("error", DataTypes.StringType);
    UDF1<byte[], Row> clean = picture -> row(weights.value(), picture);
    return functions.udf(clean, result);
  }

  private static Row row(ModelFile model, byte[] picture) throws IOException {
    if (picture == null) {
      return RowFactory.create(null, null);
    }
    try {
      Cleaning.Cleaned cleaned = clean(model, () -> Cleaning.load(picture, "picture"));
      return RowFactory.create(encode(cleaned), null);
    } catch (UserError e) {
      return RowFactory.create(null, e.getMessage());
    }
  }

  /// Cleans a picture with the JVM's only denoiser of that model.
  ///
  /// @param load reads it; a second time if memory did not hold it beside others
  /// @throws UserError if it cannot be read or cleaned
  static Cleaning.Cleaned clean(ModelFile model, Supplier<Cleaning.Loaded> load) {
    Denoiser denoiser = OPEN.computeIfAbsent(model.key(), _ -> open(model));
    Supplier<Cleaning.Cleaned> work = () -> CLEANING.clean(load.get(), denoiser);
    try {
      return locked(MEMORY.readLock(), work);
    } catch (OutOfMemoryError | UserError e) {
      // Perhaps for want of the memory that others hold; one that is damaged is refused again.
      return locked(
          MEMORY.writeLock(),
          () -> {
            denoiser.rest();
            return alone(work);
          });
    }
  }

  private static Cleaning.Cleaned locked(Lock lock, Supplier<Cleaning.Cleaned> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  private static Cleaning.Cleaned alone(Supplier<Cleaning.Cleaned> work) {
    try {
      return work.get();
    } catch (OutOfMemoryError e) {
      throw new UserError(
          "expected a picture for a heap of %d MiB, got one that needs more — give executors more (--executor-memory)"
              .formatted(Runtime.getRuntime().maxMemory() >> 20),
          e);
    }
  }

  /// The file's own format, or PNG where that is not written.
  static byte[] encode(Cleaning.Cleaned cleaned) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CLEANING.encode(cleaned, null, out);
    return out.toByteArray();
  }

  private static Denoiser open(ModelFile model) {
    return Denoiser.open(
        model.checkpoint(), Backends.processor(cores(), line -> System.err.println(line)));
  }

  /// Cores that this JVM may use, as far as Spark says.
  static int cores() {
    int all = Runtime.getRuntime().availableProcessors();
    return SparkEnv.get() == null ? all : SparkEnv.get().conf().getInt("spark.executor.cores", all);
  }
}
