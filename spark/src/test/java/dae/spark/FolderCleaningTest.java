package dae.spark;

import static org.apache.spark.sql.functions.col;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import dae.denoise.Denoiser;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A folder comes out as the single-machine denoiser leaves each of its pictures.
class FolderCleaningTest {
  private static JavaSparkContext spark;

  @TempDir Path folder;

  @BeforeAll
  static void open() {
    spark = LocalSpark.open();
  }

  @AfterAll
  static void close() {
    spark.close();
  }

  private static void draw(Path file, String format, int seed) throws IOException {
    Random random = new Random(seed);
    BufferedImage image = new BufferedImage(40, 24, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 40 * 24; i++) {
      int grey = Math.clamp((long) (128 + 25 * random.nextGaussian()), 0, 255);
      image.setRGB(i % 40, i / 40, grey * 0x10101);
    }
    Files.createDirectories(file.getParent());
    assertTrue(ImageIO.write(image, format, file.toFile()));
  }

  private Path noisy() throws IOException {
    Path in = folder.resolve("in");
    draw(in.resolve("a b.png"), "png", 1);
    draw(in.resolve("sub/deep/b%.jpg"), "jpg", 2);
    draw(in.resolve("sub/c.gif"), "gif", 3);
    draw(in.resolve("named.jpg"), "png", 4);
    draw(in.resolve(".hidden/d.png"), "png", 5);
    Files.writeString(in.resolve("sub/bad.png"), "rubbish");
    Files.writeString(in.resolve("notes.txt"), "no picture");
    return in;
  }

  private static List<String> tree(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all
          .filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString())
          .collect(Collectors.toCollection(TreeSet::new))
          .stream()
          .toList();
    }
  }

  private Outcome clean(Path in, Path out) {
    return new FolderCleaning(spark).clean(in.toString(), out.toString(), "cifar");
  }

  @Test
  void keepsTheTreeAndTheBitsOfOneMachine() throws IOException {
    Path in = noisy();
    Path out = folder.resolve("out");
    Outcome outcome = clean(in, out);
    assertEquals(4, outcome.cleaned());
    assertEquals(1, outcome.refused().size());
    assertEquals(
        List.of("_report.txt", "a b.png", "named.png", "sub/c.png", "sub/deep/b%.jpg"), tree(out));
    assertTrue(
        Files.readString(out.resolve("_report.txt")).contains("sub/bad.png: expected a pic"));
    try (Denoiser denoiser = Denoiser.open("cifar")) {
      for (String name : List.of("a b.png", "sub/deep/b%.jpg")) {
        Path alone = folder.resolve("alone-" + Path.of(name).getFileName());
        denoiser.clean(in.resolve(name), alone);
        assertArrayEquals(Files.readAllBytes(alone), Files.readAllBytes(out.resolve(name)), name);
      }
    }
  }

  @Test
  void goesOnWithWhatIsMissing() throws IOException {
    Path in = noisy();
    Path out = folder.resolve("out");
    Files.createDirectories(out);
    Files.writeString(out.resolve("a b.png"), "mine");
    assertEquals(3, clean(in, out).cleaned());
    assertEquals("mine", Files.readString(out.resolve("a b.png")), "nothing is written over");
    Files.delete(out.resolve("sub/c.png"));
    Path killed = Files.createDirectory(out.resolve("_temporary-killed"));
    Files.writeString(killed.resolve("half"), "half");
    Files.delete(in.resolve("sub/bad.png"));
    Outcome again = clean(in, out);
    assertEquals(1, again.cleaned());
    assertEquals(3, again.skipped());
    assertFalse(Files.exists(out.resolve("_report.txt")), "nothing is wrong any more");
    assertFalse(Files.exists(killed), "swept");
  }

  @Test
  void refusesFoldersInOneLine() throws IOException {
    Path in = noisy();
    for (Path wrong : List.of(in, in.resolve("notes.txt"))) {
      UserError error = assertThrows(UserError.class, () -> clean(in, wrong));
      assertTrue(error.getMessage().contains("change OUT"), error.getMessage());
    }
    assertThrows(UserError.class, () -> clean(folder.resolve("none"), folder.resolve("out")));
    assertThrows(
        UserError.class,
        () -> new FolderCleaning(spark).clean(in.toString(), folder + "/out", "nonsense"));
  }

  @Test
  void cleansAColumn() throws IOException {
    Path in = noisy();
    SparkSession session = SparkSession.builder().sparkContext(spark.sc()).getOrCreate();
    List<Row> rows =
        session
            .read()
            .format("binaryFile")
            .option("recursiveFileLookup", "true")
            .option("pathGlobFilter", "*.png")
            .load(in.toString())
            .withColumn("clean", Denoisers.udf(session, "cifar").apply(col("content")))
            .select("path", "clean.content", "clean.error")
            .collectAsList();
    assertEquals(2, rows.size());
    for (Row row : rows) {
      boolean bad = row.getString(0).endsWith("bad.png");
      assertEquals(bad, row.isNullAt(1), row.getString(0));
      assertEquals(bad, !row.isNullAt(2), row.getString(0));
    }
  }
}
