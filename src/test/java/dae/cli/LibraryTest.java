package dae.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import dae.denoise.Denoiser;
import dae.denoise.Options;
import dae.image.Format;
import dae.image.Kept;
import dae.image.Picture;
import dae.image.PictureWriter;
import dae.random.Draws;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `Denoiser.clean(in, out)` and `denoise` leave the same bytes, and nothing half.
class LibraryTest {
  private static Denoiser denoiser;

  @TempDir private Path folder;

  @BeforeAll
  static void open() {
    denoiser = Denoiser.open("photo");
  }

  @AfterAll
  static void close() {
    denoiser.close();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> "" + file.getFileName()).sorted().toList();
    }
  }

  /// Noisy, or else flat; a JPEG has a comment in it.
  private Path picture(String name, float noise) throws IOException {
    Draws draws = new Draws(3, 0, 0, 0);
    float[] rgb = new float[40 * 50 * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = 0.4f + noise * draws.uniform();
    }
    Format format = Format.ofName(Path.of(name)).orElseThrow();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    PictureWriter.write(new Picture(40, 50, rgb, null), Kept.plain(format), format, null, file);
    byte[] bytes = file.toByteArray();
    if (format == Format.JPEG) {
      ByteArrayOutputStream longer = new ByteArrayOutputStream();
      longer.write(bytes, 0, 2);
      longer.write(new byte[] {(byte) 0xFF, (byte) 0xFE, 0, 8});
      longer.write("a note".getBytes(StandardCharsets.US_ASCII));
      longer.write(bytes, 2, bytes.length - 2);
      bytes = longer.toByteArray();
    }
    return Files.write(folder.resolve(name), bytes);
  }

  private static void command(Path in, Path out, String... options) {
    StringWriter err = new StringWriter();
    List<String> words = new ArrayList<>(List.of("denoise", "--backend", "simd", "" + in));
    words.addAll(List.of("-o", "" + out));
    words.addAll(List.of(options));
    int exitCode =
        Main.commandLine()
            .setOut(new PrintWriter(new StringWriter()))
            .setErr(new PrintWriter(err))
            .execute(words.toArray(String[]::new));
    assertEquals(0, exitCode, err.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.png", "a.jpg", "a.tif", "a.bmp"})
  void leavesTheBytesOfTheCommand(String name) throws Exception {
    Path in = picture(name, 0.2f);
    Path ours = folder.resolve("ours-" + name);
    Path commands = folder.resolve("commands-" + name);
    List<String> notes = denoiser.clean(in, ours);
    assertTrue(notes.getFirst().startsWith("noise about"), notes + "");
    command(in, commands);
    assertArrayEquals(Files.readAllBytes(commands), Files.readAllBytes(ours));
    assertTrue(
        !Arrays.equals(Files.readAllBytes(in), Files.readAllBytes(ours)), "nothing was cleaned");
    if (name.endsWith(".jpg")) {
      String text = Files.readString(ours, StandardCharsets.ISO_8859_1);
      assertTrue(text.contains("a note"), "the comment is gone");
    }
    Options options =
        Options.USUAL.withStrength(0.5).withQuality(60).withEnsemble(true).withOverwrite(true);
    denoiser.clean(in, ours, options);
    command(in, commands, "--strength", "0.5", "--quality", "60", "--ensemble", "--overwrite");
    assertArrayEquals(Files.readAllBytes(commands), Files.readAllBytes(ours));
  }

  @Test
  void aCleanPictureIsLeftAsItIs() throws Exception {
    Path in = picture("flat.jpg", 0);
    denoiser.clean(in, folder.resolve("out.jpg"));
    assertArrayEquals(Files.readAllBytes(in), Files.readAllBytes(folder.resolve("out.jpg")));
    denoiser.clean(in, folder.resolve("out.png"));
    command(in, folder.resolve("command.png"));
    assertArrayEquals(
        Files.readAllBytes(folder.resolve("command.png")),
        Files.readAllBytes(folder.resolve("out.png")));
  }

  @Test
  void nothingIsOverwrittenUnasked() throws Exception {
    Path in = picture("a.png", 0.2f);
    byte[] before = Files.readAllBytes(in);
    Path other = picture("b.png", 0.1f);
    byte[] old = Files.readAllBytes(other);
    refused("expected no such file", in, other, Options.USUAL);
    refused("got the picture itself", in, in, Options.USUAL.withOverwrite(true));
    refused("expected a name that ends in", in, folder.resolve("c.gif"), Options.USUAL);
    refused("no such folder", in, folder.resolve("none/c.png"), Options.USUAL);
    assertArrayEquals(before, Files.readAllBytes(in));
    assertArrayEquals(old, Files.readAllBytes(other));
    assertEquals(List.of("a.png", "b.png"), names());
    denoiser.clean(in, other, Options.USUAL.withOverwrite(true));
    assertTrue(!Arrays.equals(old, Files.readAllBytes(other)));
  }

  private static void refused(String why, Path in, Path out, Options options) {
    UserError error = assertThrows(UserError.class, () -> denoiser.clean(in, out, options));
    assertTrue(error.getMessage().contains(why), error.getMessage());
  }

  @Test
  void whatFailsLeavesNothing() throws Exception {
    Path in = picture("a.png", 0.2f);
    Path target = folder.resolve("old.png");
    Files.writeString(target, "old");
    Path cut = folder.resolve("cut.png");
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(in), 300));
    List<String> before = names();
    Options options = Options.USUAL.withOverwrite(true);
    assertThrows(UserError.class, () -> denoiser.clean(cut, target, options));
    Options stopping = options.withProgress((done, all) -> Thread.currentThread().interrupt());
    assertThrows(CancellationException.class, () -> denoiser.clean(in, target, stopping));
    // Still interrupted, so before anything is read.
    assertThrows(CancellationException.class, () -> denoiser.clean(in, target, options));
    assertTrue(Thread.interrupted());
    assertEquals("old", Files.readString(target));
    assertEquals(before, names());
  }
}
