package dae.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.image.Picture;
import dae.image.Png;
import dae.random.Draws;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `evaluate` on whole pictures as a user types it, with the built-in model.
class EvaluatePicturesTest {
  private record Ran(int exitCode, String out, String err) {}

  @TempDir private static Path folder;

  /// Smooth pictures of several sizes, and the same with noise.
  @BeforeAll
  static void write() throws Exception {
    for (String name : List.of("photos/sub", "mixed", "broken")) {
      Files.createDirectories(folder.resolve(name));
    }
    Png.write(slope(40, 50, 0), folder.resolve("photos/b.png"));
    Png.write(slope(33, 64, 0), folder.resolve("photos/a.png"));
    Png.write(slope(11, 20, 0), folder.resolve("photos/sub/c.png"));
    Files.writeString(folder.resolve("photos/d.png"), "no picture");
    Files.writeString(folder.resolve("broken/d.png"), "no picture");
    for (int i = 0; i < 3; i++) {
      Png.write(slope(30, 40 + i, 0), folder.resolve("mixed/" + i + "_mean.png"));
      Png.write(slope(30, 40, 30), folder.resolve("mixed/" + i + "_real.png"));
    }
    Files.writeString(folder.resolve("file"), "");
    Files.writeString(folder.resolve("taken-means.csv"), "");
  }

  /// @param noise how far values are off at most, in steps of 8 bits
  private static Picture slope(int height, int width, int noise) {
    float[] rgb = new float[height * width * 3];
    Draws draws = new Draws(1, 0, height, width);
    for (int i = 0; i < rgb.length; i++) {
      int off = noise == 0 ? 0 : draws.below(2 * noise + 1) - noise;
      rgb[i] = (100 + i / 3 % width + off) / 255f;
    }
    return new Picture(height, width, rgb, null);
  }

  private static Ran run(String... more) {
    List<String> args = new ArrayList<>(List.of("evaluate", "--backend", "simd"));
    for (String arg : more) {
      args.add(arg.replace("~", folder.toString()));
    }
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Main.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(args.toArray(String[]::new));
    return new Ran(exitCode, out.toString(), err.toString());
  }

  private static List<String> rows(Path csv) throws Exception {
    List<String> lines = Files.readAllLines(csv);
    return lines.subList(1, lines.size());
  }

  @Test
  void eachNoiseHasItsPicturesAndItsRow() throws Exception {
    Path csv = folder.resolve("noises.csv");
    Ran ran = run("--dataset", "~/photos", "--noise", "0.1", "--noise", "none", "--csv", "" + csv);
    assertEquals(0, ran.exitCode(), ran.err());
    List<String> unread = ran.err().lines().filter(line -> line.startsWith("warning")).toList();
    assertEquals(
        List.of("warning: d.png left out: not a picture of a known format"), unread, "once");

    List<String> rows = rows(csv);
    assertEquals(6, rows.size());
    String[] starts = {"a.png,64,33,", "b.png,50,40,", "sub/c.png,20,11,"};
    for (int i = 0; i < 6; i++) {
      String noise = i < 3 ? "gaussian:0.1,photo," : "none,photo,inf,";
      assertTrue(rows.get(i).startsWith(starts[i % 3] + noise), rows.get(i));
      String[] fields = rows.get(i).split(",");
      double before = i < 3 ? Double.parseDouble(fields[5]) : Double.POSITIVE_INFINITY;
      double after =
          fields[6].equals("inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(fields[6]);
      assertTrue(
          i < 3 ? before > 19 && before < 22 && after > before + 5 : after > 30, rows.get(i));
    }

    List<String> lines = ran.out().lines().toList();
    assertTrue(lines.getFirst().endsWith("photos: 4 pictures, noise gaussian:0.1, model photo"));
    double mean = rows.stream().limit(3).mapToDouble(row -> number(row, 6)).average().orElseThrow();
    String[] table = lines.get(lines.size() - 2).split(" +");
    assertEquals("photo", table[0]);
    assertEquals("gaussian:0.1", table[1]);
    assertEquals(mean, Double.parseDouble(table[3]), 0.0051);
    String last = lines.getLast();
    assertTrue(
        last.matches("photo +none +inf .* (-inf|\\+0\\.00) .* (-inf|\\+0\\.00) (a|b|sub/c)\\.png"),
        last);
  }

  /// Two models on generated images: a row for each image and method, means with their intervals,
  /// and the models image by image.
  @Test
  void testImagesHaveTheirTablesToo() throws Exception {
    Path csv = folder.resolve("leaves.csv");
    Ran ran =
        run(
            "--dataset leaves --limit 20 --noise 0.1 --model article --model cifar --csv ~/leaves.csv"
                .split(" "));
    assertEquals(0, ran.exitCode(), ran.err());
    List<String> rows = rows(csv);
    assertEquals(60, rows.size());
    assertTrue(rows.getFirst().startsWith("0,gaussian:0.1,noisy,0.0"), rows.getFirst());
    List<String> means = rows(folder.resolve("leaves-means.csv"));
    List<String> methods = List.of("noisy", "article", "cifar");
    for (int i = 0; i < 3; i++) {
      String[] mean = means.get(i).split(",");
      assertEquals(methods.get(i), mean[1]);
      assertEquals("20", mean[2]);
      for (int k = 0; k < 3; k++) {
        int field = 3 + k;
        double expected =
            rows.stream()
                .skip(20 * i)
                .limit(20)
                .mapToDouble(row -> number(row, field))
                .average()
                .orElseThrow();
        assertEquals(expected, number(means.get(i), 3 + 3 * k), 1e-12);
        assertTrue(number(means.get(i), 4 + 3 * k) < expected);
        assertTrue(number(means.get(i), 5 + 3 * k) > expected);
      }
    }
    String duel = ran.out().lines().toList().getLast();
    assertTrue(duel.startsWith("cifar against article, gaussian:0.1: PSNR "), duel);
    String gain = "%+.2f".formatted(number(means.get(2), 6) - number(means.get(1), 6));
    assertTrue(duel.contains("PSNR " + gain + " dB (95 %: "), duel + " for " + gain);
    long higher = 0;
    for (int i = 0; i < 20; i++) {
      higher += number(rows.get(40 + i), 4) > number(rows.get(20 + i), 4) ? 1 : 0;
    }
    assertTrue(duel.endsWith(", higher on " + higher + " of 20"), duel);
    assertEquals(
        2,
        ran.out()
            .lines()
            .filter(line -> line.contains("95 %") && line.startsWith("against"))
            .count());
  }

  private static double number(String row, int field) {
    return Double.parseDouble(row.split(",")[field]);
  }

  @Test
  void resultsDoNotDependOnThreads() throws Exception {
    byte[][] csv = new byte[2][];
    for (int i = 0; i < 2; i++) {
      Path file = folder.resolve("threads" + i + ".csv");
      Ran ran = run("--dataset", "~/photos", "--csv", "" + file, "--threads", "" + (1 + 2 * i));
      assertEquals(0, ran.exitCode(), ran.err());
      csv[i] = Files.readAllBytes(file);
    }
    assertArrayEquals(csv[0], csv[1]);
  }

  /// Of the three pairs two have different sizes.
  @Test
  void pairsAreMeasuredAsTheyAre() throws Exception {
    Path csv = folder.resolve("pairs.csv");
    Ran ran =
        run("--noisy", "~/mixed/*_real.png", "--clean", "~/mixed/*_mean.png", "--csv", "" + csv);
    assertEquals(0, ran.exitCode(), ran.err());
    assertEquals(2, ran.err().lines().filter(line -> line.startsWith("warning: ")).count());
    assertTrue(ran.err().contains("warning: 2 left out: 40×30 pixels noisy, 42×30 clean"));
    List<String> rows = rows(csv);
    assertEquals(1, rows.size());
    assertTrue(rows.getFirst().startsWith("0,40,30,pairs,photo,"), rows.getFirst());
    // Even steps from −30 to 30 have a variance of 310.
    assertEquals(10 * Math.log10(255 * 255 / 310.), number(rows.getFirst(), 5), 0.3);
  }

  @Test
  void anEnsembleAndSeveralModelsWorkToo() throws Exception {
    Ran ran =
        run(
            "--dataset",
            "~/photos",
            "--model",
            "article",
            "--model",
            "article",
            "--noise",
            "0.1",
            "--limit",
            "1",
            "--ensemble");
    assertEquals(0, ran.exitCode(), ran.err());
    List<String> lines = ran.out().lines().toList();
    String title = "1 pictures, noise gaussian:0.1, model article, mean of eight orientations";
    assertEquals(2, lines.stream().filter(line -> line.endsWith(title)).count(), ran.out());
    List<String> table = lines.stream().filter(line -> line.startsWith("article  ")).toList();
    assertEquals(2, table.size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--dataset ~/broken | expected pictures that can be read, got none of 1",
        "--dataset ~/nowhere | expected cifar100, cifar10, leaves or a folder",
        "--noisy ~/photos | got --noisy alone",
        "--clean ~/photos | got --clean alone",
        "--noisy ~/photos --clean ~/mixed | none alike",
        "--noisy ~/photos --clean ~/photos --noise 0.1 | change --noise",
        "--noisy ~/photos --clean ~/photos --dataset ~/photos | change --dataset",
        "--noisy ~/photos --clean ~/photos --figure ~/a.png | change --figure",
        "--dataset ~/photos --figure ~/a.png | change --figure",
        "--dataset ~/photos --csv ~/file | change --csv",
        "--dataset ~/photos --csv ~/nowhere/a.csv | change --csv",
        "--dataset ~/photos --dataset ~/mixed --csv ~/a.csv | change --csv",
        "--dataset leaves --dataset leaves --csv ~/a.csv | change --csv",
        "--dataset ~/photos --csv ~/taken.csv | taken-means.csv",
        "--dataset leaves --noise 0.1 --noise 0.2 | change --noise",
        "--dataset leaves --model article --model cifar --baselines | change --baselines",
        "--dataset leaves --model article --model cifar --figure ~/a.png | change --figure",
        "--dataset ~/photos --noise fog | noise: expected one of",
        "--dataset ~/photos --noise 0.1 --model nowhere | check the name"
      })
  void wrongInputIsOneLine(String line, String part) {
    Ran ran = run(line.split(" "));
    assertEquals(2, ran.exitCode(), ran.err());
    assertTrue(ran.err().lines().toList().getLast().contains(part), ran.err());
    assertEquals(0, ran.err().lines().filter(said -> said.startsWith("\tat ")).count(), ran.err());
  }

  @Test
  void baselinesAreForImagesThatHaveOthersToLearnFrom() {
    Ran ran = run("--dataset", "~", "--baselines");
    assertEquals(2, ran.exitCode(), ran.err());
    assertTrue(ran.err().contains("change --baselines"), ran.err());
  }
}
