package dae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.image.Colors;
import dae.image.Format;
import dae.image.Kept;
import dae.image.Picture;
import dae.image.PictureWriter;
import dae.image.Png;
import dae.kernel.OwnJvm;
import dae.random.Draws;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands in a heap that is too small: one line, exit code 2, and its advice holds.
class HeapTest {
  private static final List<String> SMALL = List.of("-XX:+UseSerialGC", "-Xmn16m", "-Xmx144m");
  private static final String BATCH = "take --batch-size (\\d+) or less";

  @TempDir private Path folder;

  private String picture(int item, int height, int width) throws Exception {
    Draws draws = new Draws(4, 0, item, 0);
    float[] rgb = new float[height * width * 3];
    for (int k = 0; k < rgb.length; k++) {
      rgb[k] = draws.uniform();
    }
    Path file = folder.resolve(item + ".png");
    Png.write(new Picture(height, width, rgb, null), file);
    return file.toString();
  }

  @Test
  void whatDoesNotFitIsRefusedWithWhatWould() throws Exception {
    picture(0, 1024, 1024);
    picture(1, 1024, 1024);
    String pictures = folder.toString();
    String run = folder.resolve("run").toString();
    String model = folder.resolve("run/best.safetensors").toString();

    List<String> train =
        List.of("train", "--dataset", pictures, "--width", "4", "--epochs", "1", "--out", run);
    accepted(with(train, "--batch-size", refused(BATCH, with(train, "--batch-size", "1024"))));

    List<String> test = List.of("evaluate", "--model", model, "--dataset", "leaves");
    accepted(with(test, "--batch-size", refused(BATCH, with(test, "--batch-size", "1024"))));
  }

  @Test
  void smallTilesMakeTheVeryFileThatLargeOnesMake() throws Exception {
    String photo = picture(0, 2000, 256);
    accepted(List.of("denoise", photo, "-o", folder + "/small.png"));
    assertEquals(0, Main.commandLine().execute("denoise", photo, "-o", folder + "/large.png"));
    assertEquals(-1, Files.mismatch(folder.resolve("large.png"), folder.resolve("small.png")));
  }

  @Test
  void aPictureIsCleanedInTheHeapThatItsRefusalNames() throws Exception {
    List<String> command = List.of("denoise", picture(0, 2048, 1024), "--model", "article");
    run(List.of("-XX:+UseSerialGC", "-Xmn16m", "-Xmx112m"), "-Xmx(\\d+)m", command);
    String named = Files.readString(folder.resolve("advice"));
    assertTrue(Integer.parseInt(named) <= 160, "6 MiB each as read and as cleaned: " + named);
    run(List.of("-XX:+UseSerialGC", "-Xmn16m", "-Xmx" + named + "m"), "", command);
    accepted(List.of("denoise", picture(1, 16, 49152)));
  }

  /// While it is read and written, 3 bytes a pixel and its file.
  @Test
  void aLargePictureIsInMemoryOnce() throws Exception {
    Colors black = new Colors.Bytes(new byte[4000 * 5000 * 3]);
    Path photo = folder.resolve("photo.jpg");
    try (OutputStream out = Files.newOutputStream(photo)) {
      Picture large = new Picture(4000, 5000, black, null);
      PictureWriter.write(large, Kept.plain(Format.JPEG), Format.JPEG, null, out);
    }
    String png = folder.resolve("photo.png").toString();
    accepted(List.of("denoise", photo.toString(), "-o", png, "--strength", "0"));
    accepted(List.of("denoise", png, "-o", folder + "/again.jpg", "--strength", "0"));
  }

  /// The plan that cleaned the first gives way where it must while the second is read.
  @Test
  void picturesAreMeasuredInTheHeapThatTheirRefusalNames() throws Exception {
    picture(0, 1024, 1024);
    picture(1, 1024, 1024);
    List<String> command =
        List.of(
            "evaluate",
            "--dataset",
            folder.toString(),
            "--noise",
            "camera:1e-4",
            "--model",
            "article");
    String named = refused("-Xmx(\\d+)m", command);
    run(List.of("-XX:+UseSerialGC", "-Xmn16m", "-Xmx" + named + "m"), "", command);
  }

  private static List<String> with(List<String> command, String... more) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(more));
    return all;
  }

  private void accepted(List<String> command) throws Exception {
    run("", command);
  }

  /// What the advice names.
  private String refused(String advice, List<String> command) throws Exception {
    run(advice, command);
    return Files.readString(folder.resolve("advice"));
  }

  private void run(String advice, List<String> command) throws Exception {
    run(SMALL, advice, command);
  }

  private void run(List<String> heap, String advice, List<String> command) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(folder.resolve("advice").toString(), advice));
    arguments.addAll(command);
    OwnJvm.run(HeapTest.class, heap, arguments.toArray(String[]::new));
  }

  /// Runs a command in this JVM's heap.
  ///
  /// @param arguments a file for what the advice names; the advice to expect, empty where the
  ///   command should do its work; the command
  public static void main(String[] arguments) throws Exception {
    StringWriter err = new StringWriter();
    int exitCode =
        Main.commandLine()
            .setErr(new PrintWriter(err))
            .execute(Arrays.copyOfRange(arguments, 2, arguments.length));
    if (arguments[1].isEmpty()) {
      assertEquals(0, exitCode, err.toString());
      return;
    }
    assertEquals(2, exitCode, err.toString());
    Matcher line =
        Pattern.compile(
                ".*: expected a heap of \\d+ MiB for .*, got \\d+ MiB — .*%s.*"
                    .formatted(arguments[1]))
            .matcher(err.toString().lines().toList().getLast());
    assertTrue(line.matches(), err.toString());
    Files.writeString(Path.of(arguments[0]), line.group(1));
  }
}
