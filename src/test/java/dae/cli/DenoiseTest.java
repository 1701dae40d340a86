package dae.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import dae.image.Format;
import dae.image.Kept;
import dae.image.Opened;
import dae.image.Picture;
import dae.image.PictureReader;
import dae.image.PictureWriter;
import dae.image.Png;
import dae.random.Draws;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// `denoise` on what people have: many files, folders, odd names, other kinds of files.
class DenoiseTest {
  private record Ran(int exitCode, String out, String err) {}

  @TempDir private Path folder;

  private static Ran run(Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    List<String> words = new ArrayList<>(List.of("denoise", "--backend", "simd"));
    for (Object arg : args) {
      words.add("" + arg);
    }
    int exitCode = command.execute(words.toArray(String[]::new));
    return new Ran(exitCode, out.toString(), err.toString());
  }

  private static Picture noisy(int height, int width, boolean alpha) {
    Draws draws = new Draws(3, 0, height, width);
    float[] rgb = new float[height * width * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = 0.4f + 0.2f * draws.uniform();
    }
    byte[] opacities = alpha ? new byte[height * width] : null;
    for (int i = 0; alpha && i < opacities.length; i++) {
      opacities[i] = (byte) draws.below(256);
    }
    return new Picture(height, width, rgb, opacities);
  }

  private Path picture(String name) throws IOException {
    return picture(name, noisy(20, 30, false));
  }

  private Path picture(String name, Picture picture) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Format format = Format.ofName(file).orElseThrow();
    try (var out = Files.newOutputStream(file)) {
      PictureWriter.write(picture, Kept.plain(format), format, null, out);
    }
    return file;
  }

  private List<String> tree(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void aFolderIsCleanedIntoATreeBesideIt() throws Exception {
    picture("in/a.png");
    picture("in/b.jpg");
    picture("in/sub/deep/c.tif");
    picture("in/sub/d.BMP");
    picture("in/.hidden/e.png");
    picture("in/._a.png");
    Files.writeString(folder.resolve("in/Thumbs.db"), "stray");
    Files.writeString(folder.resolve("in/notes.txt"), "stray");
    Path in = folder.resolve("in");

    Ran ran = run(in);

    assertEquals(0, ran.exitCode(), ran.err());
    List<String> expected = List.of("a.png", "b.jpg", "sub/d.BMP", "sub/deep/c.tif");
    assertEquals(expected, tree(folder.resolve("in-denoised")));
    assertEquals(4, ran.out().lines().count(), ran.out());
    assertTrue(ran.err().contains("done    4 cleaned"), ran.err());
    assertTrue(ran.err().contains("4/4 pictures"), ran.err());
    assertFalse(ran.err().contains("\r"), "control characters without a terminal");

    Ran again = run(in);
    assertEquals(0, again.exitCode(), again.err());
    assertTrue(again.err().contains("0 cleaned, 4 skipped"), again.err());
    assertFalse(again.err().contains("model"), again.err());
    Ran over = run(in, "--overwrite", "-q");
    assertEquals(0, over.exitCode(), over.err());
    assertEquals("", over.err());
  }

  @Test
  void earlierResultsAreNoInputs() throws Exception {
    picture("all/in/a.png");
    picture("all/b.png");
    assertEquals(0, run(folder.resolve("all/in")).exitCode());
    assertEquals(0, run(folder.resolve("all/b.png")).exitCode());
    // One that only sounds like a result.
    picture("all/c-denoised.png");
    Ran ran = run(folder.resolve("all"), "-o", folder.resolve("all/out"));
    assertEquals(0, ran.exitCode(), ran.err());
    assertEquals(List.of("b.png", "c-denoised.png", "in/a.png"), tree(folder.resolve("all/out")));
    Ran second = run(folder.resolve("all"), "-o", folder.resolve("all/out"));
    assertTrue(second.err().contains("0 cleaned, 3 skipped"), second.err());
  }

  @Test
  void oneBadFileDoesNotStopTheBatch() throws Exception {
    picture("in/a.png");
    picture("in/z.png");
    byte[] whole = Files.readAllBytes(picture("in/cut.jpg", noisy(64, 64, false)));
    Files.write(folder.resolve("in/cut.jpg"), Arrays.copyOf(whole, whole.length / 2));
    Files.write(folder.resolve("in/empty.png"), new byte[0]);
    Files.writeString(folder.resolve("in/text.jpg"), "no picture");
    Files.write(folder.resolve("in/phone.heic"), "....ftypheic....".getBytes());
    Path in = folder.resolve("in");

    Ran ran = run(in);

    assertEquals(2, ran.exitCode(), ran.err());
    assertEquals(List.of("a.png", "z.png"), tree(folder.resolve("in-denoised")));
    assertTrue(ran.err().contains("2 cleaned, 4 refused"), ran.err());
    for (String name : List.of("cut.jpg", "empty.png", "text.jpg", "phone.heic")) {
      assertEquals(
          1, ran.err().lines().filter(line -> line.startsWith("" + in.resolve(name))).count());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "with spaces.png",
        "Grüße.png",
        "🌻.png",
        "-x.png",
        "@at.png",
        "no.dots.here.png",
        "a'b\"c.png"
      })
  void namesAreWhatTheyAre(String name) throws Exception {
    picture(name);
    Ran ran = run(folder.resolve(name));
    assertEquals(0, ran.exitCode(), ran.err());
    String stem = name.substring(0, name.length() - 4);
    assertTrue(Files.exists(folder.resolve(stem + "-denoised.png")));
  }

  @Test
  void namesThatLookLikeOptionsAreNone() throws Exception {
    // Relative names: the option parser sees them as they are.
    Path here = Path.of("").toAbsolutePath();
    for (String name : List.of("@at.png", "-x.png")) {
      Ran ran = run("--", name);
      assertEquals(2, ran.exitCode());
      assertTrue(ran.err().startsWith(name + ": expected a picture, got no file"), ran.err());
      assertFalse(Files.exists(here.resolve(name)));
    }
  }

  @Test
  void standardInputGoesToStandardOutput() throws Exception {
    Path file = picture("a.jpg");
    InputStream in = System.in;
    PrintStream out = System.out;
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    Ran ran;
    try {
      System.setIn(new ByteArrayInputStream(Files.readAllBytes(file)));
      System.setOut(new PrintStream(written));
      ran = run("-");
    } finally {
      System.setIn(in);
      System.setOut(out);
    }
    assertEquals(0, ran.exitCode(), ran.err());
    assertEquals("", ran.out());
    assertEquals(0, run(file).exitCode());
    assertArrayEquals(Files.readAllBytes(folder.resolve("a-denoised.jpg")), written.toByteArray());
  }

  @Test
  void targetsAreNamedAndKept() throws Exception {
    Path a = picture("a.png");
    Path b = picture("b.jpg");
    Path out = folder.resolve("out");
    assertEquals(0, run(a, b, "-o", out).exitCode());
    assertEquals(List.of("a.png", "b.jpg"), tree(out));
    Ran there = run(a, b, "-o", out);
    assertEquals(2, there.exitCode());
    assertTrue(there.err().contains("0 cleaned, 2 refused"), there.err());

    assertEquals(0, run(b, "-o", folder.resolve("c.png")).exitCode());
    assertEquals(Format.PNG, PictureReader.read(folder.resolve("c.png")).kept().format());
    assertWrong("the picture itself", run(a, "-o", a, "--overwrite"));
    assertWrong("the picture itself", run(a, "-o", folder, "--overwrite"));
    assertWrong("got .xyz", run(a, "-o", folder.resolve("c.xyz")));
    assertWrong("got none", run(a, "-o", folder.resolve("c")));
    assertWrong("a folder to write to", run(a, "-o", folder.resolve("none/c.png")));
    assertWrong("--quality", run(a, "--quality", "101"));
    assertWrong("a model with a mask", run(a, "--mask"));
    assertWrong("--compare", run(a, "--mask", "--compare"));
    assertWrong("--strength", run(a, "--strength", "1.6"));
    assertWrong("--preview", run(a, "--preview", "1,2,3"));
    assertWrong("within 30 × 20", run(a, "--preview", "20,0,11,5"));
    assertWrong("pictures in it", run(Files.createDirectory(folder.resolve("empty"))));
    assertWrong("got no file", run(folder.resolve("none.png")));
    // Both would be written to a.png.
    Files.move(folder.resolve("b.jpg"), folder.resolve("sub.jpg"));
    Files.createDirectory(folder.resolve("sub"));
    Path twin = Files.copy(a, folder.resolve("sub/a.png"));
    assertEquals(2, run(a, twin, "-o", folder.resolve("twins")).exitCode());
  }

  private static void assertWrong(String part, Ran ran) {
    assertEquals(2, ran.exitCode(), ran.err());
    assertEquals("", ran.out());
    assertEquals(1, ran.err().lines().count(), ran.err());
    assertTrue(ran.err().contains(part), ran.err());
  }

  @Test
  void aPipeIsRefused() throws Exception {
    Path pipe = folder.resolve("pipe.png");
    Process made;
    try {
      made = new ProcessBuilder("mkfifo", pipe.toString()).start();
    } catch (IOException e) {
      abort("this system makes no pipes");
      return;
    }
    assertEquals(0, made.waitFor());
    assertWrong("a pipe or a device", run(pipe));
  }

  @Test
  void strengthZeroGivesTheVeryPicture() throws Exception {
    for (String name : List.of("a.png", "b.jpg", "c.tif", "d.bmp")) {
      Path file = picture(name);
      assertEquals(0, run(file, "--strength", "0").exitCode());
      String result = name.substring(0, 1) + "-denoised" + name.substring(1);
      assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(folder.resolve(result)));
    }
    Path jpeg = folder.resolve("b.jpg");
    assertEquals(
        0, run(jpeg, "--luma", "0", "--chroma", "0", "-o", folder.resolve("b.png")).exitCode());
    assertArrayEquals(
        PictureReader.read(jpeg).picture().rgb(), Png.read(folder.resolve("b.png")).rgb());
  }

  @Test
  void theChangeGrowsWithTheStrength() throws Exception {
    Path file = picture("a.png", noisy(40, 50, true));
    float[] before = Png.read(file).rgb();
    double last = 0;
    for (String strength : List.of("0.25", "0.5", "1", "1.5")) {
      Path target = folder.resolve(strength + ".png");
      assertEquals(0, run(file, "-o", target, "--strength", strength).exitCode());
      float[] after = Png.read(target).rgb();
      double sum = 0;
      for (int i = 0; i < after.length; i++) {
        sum += Math.pow(after[i] - before[i], 2);
      }
      double change = Math.sqrt(sum / after.length);
      assertTrue(change > 1.1 * last, strength + ": " + change + " after " + last);
      last = change;
    }
  }

  @Test
  void aPartIsCleanedAndCompared() throws Exception {
    Path file = picture("a.png", noisy(90, 120, true));
    Picture before = Png.read(file);
    assertEquals(0, run(file).exitCode());
    Picture whole = Png.read(folder.resolve("a-denoised.png"));

    assertEquals(0, run(file, "--compare").exitCode());
    Picture both = Png.read(folder.resolve("a-compare.png"));
    assertArrayEquals(before.beside(whole).rgb(), both.rgb());
    assertArrayEquals(before.beside(whole).alpha(), both.alpha());

    assertEquals(0, run(file, "--preview", "30,20,40,25").exitCode());
    Picture part = Png.read(folder.resolve("a-preview.png"));
    assertEquals(25, part.height());
    assertEquals(40, part.width());
    // The network sees what lies around, so a part is what it is in the whole, but for rounding.
    assertArrayEquals(whole.crop(30, 20, 40, 25).rgb(), part.rgb(), 1.1f / 255);
  }

  @Test
  void greyStaysGreyAnd16BitsStay16() throws Exception {
    Picture picture = noisy(20, 30, false);
    for (int i = 0; i < picture.rgb().length; i++) {
      picture.rgb()[i] = picture.rgb()[i / 3 * 3];
    }
    Kept kept = new Kept(Format.PNG, 16, true, null, 1, Kept.plain(Format.PNG).blocks(), null);
    Path file = folder.resolve("grey.png");
    try (var out = Files.newOutputStream(file)) {
      PictureWriter.write(picture, kept, Format.PNG, null, out);
    }
    assertEquals(0, run(file).exitCode());
    Opened clean = PictureReader.read(folder.resolve("grey-denoised.png"));
    assertTrue(clean.kept().grey());
    assertEquals(16, clean.kept().bits());
  }

  @Test
  void whatIsCleanIsLeftAsItIsUnlessAskedFor() throws Exception {
    float[] rgb = new float[40 * 40 * 3];
    Arrays.fill(rgb, 60 / 255f);
    Path file = picture("flat.jpg", new Picture(40, 40, rgb, null));
    Ran left = run(file);
    assertEquals(0, left.exitCode(), left.err());
    assertTrue(left.err().contains("flat.jpg: already clean, left as it is"), left.err());
    assertArrayEquals(
        Files.readAllBytes(file), Files.readAllBytes(folder.resolve("flat-denoised.jpg")));
    Ran cleaned = run(file, "--strength", "1", "--overwrite", "--model", "article");
    assertFalse(cleaned.err().contains("already clean"), cleaned.err());
    assertTrue(cleaned.err().contains("warning: the mean of "), cleaned.err());
    Ran noisy = run(picture("noisy.png", noisy(40, 40, false)));
    // Uniform noise of 0.2.
    assertTrue(
        noisy.err().matches("(?s).*noisy.png: noise about 1[3-6]\\.\\d of 255.*"), noisy.err());
  }

  private Picture grain(float sigma) {
    Draws draws = new Draws(5, 0, 1, 1);
    float[] rgb = new float[64 * 64 * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = 0.5f + sigma * draws.normal();
    }
    return new Picture(64, 64, rgb, null);
  }

  @Test
  void aModelForOtherNoiseIsAWarningThatNamesOneForIt() throws Exception {
    Path weak = picture("weak.png", grain(0.02f));
    Path strong = picture("strong.png", grain(0.1f));
    Ran misfit = run(weak, "-q", "--model", "cifar");
    assertEquals(0, misfit.exitCode(), misfit.err());
    assertTrue(
        misfit
            .err()
            .matches(
                "(?s).*weak.png: warning: noise about 5.\\d of 255: expected about 25.5, which the"
                    + " built-in model cifar was trained on — add --model photo\\R.*"),
        misfit.err());
    for (String model : List.of("article", "cifar", "photo")) {
      String said = run(strong, "-q", "--overwrite", "--model", model).err();
      assertFalse(said.contains("trained on"), said);
    }
    String said = run(weak, "-q", "--overwrite", "--model", "photo").err();
    assertFalse(said.contains("trained on"), said);
  }

  @Test
  void whatIsNoJpegHasNoQuality() throws Exception {
    Ran png = run(picture("a.png"), "--quality", "80");
    assertEquals(0, png.exitCode(), png.err());
    assertTrue(png.err().contains("--quality is left aside"), png.err());
    Ran jpeg = run(picture("b.jpg"), "--quality", "80");
    assertFalse(jpeg.err().contains("left aside"), jpeg.err());
  }
}
