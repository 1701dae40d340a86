package dae.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dae.UserError;
import dae.file.Link;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which files a folder has, and what tells them from others.
class PictureFilesTest {
  @TempDir private Path temporary;

  private final List<String> warnings = new ArrayList<>();
  private Path folder;

  @BeforeEach
  void create() throws IOException {
    folder = Files.createDirectory(temporary.resolve("pictures"));
    Files.createDirectory(folder.resolve("sub"));
    for (int i = 0; i < 4; i++) {
      write(folder.resolve(i < 2 ? i + ".bmp" : "sub/" + i + ".bmp"), i);
    }
  }

  private static void write(Path file, int colour) throws IOException {
    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    image.setRGB(5, 5, colour);
    ImageIO.write(image, "bmp", file.toFile());
  }

  private List<String> names(Path from) {
    return PictureFiles.in(from, warnings::add).stream()
        .map(file -> PictureFiles.name(from, file))
        .toList();
  }

  @Test
  void linkedFoldersAreReadOnceAndLoopsAreSaid() throws IOException {
    List<String> all = List.of("0.bmp", "1.bmp", "sub/2.bmp", "sub/3.bmp");
    assertEquals(all, names(folder));
    Link.make(temporary.resolve("link"), folder);
    assertEquals(all, names(temporary.resolve("link")));

    Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
    write(elsewhere.resolve("9.bmp"), 9);
    Link.make(folder.resolve("a"), elsewhere);
    Link.make(folder.resolve("b"), folder.resolve("sub"));
    Link.make(folder.resolve("sub/round"), folder);
    assertEquals(List.of("0.bmp", "1.bmp", "a/9.bmp", "sub/2.bmp", "sub/3.bmp"), names(folder));
    assertEquals(2, warnings.size(), warnings.toString());
    assertTrue(warnings.stream().allMatch(line -> line.contains("is read already")));
  }

  /// A disk is not there, say, and half of the pictures with it.
  @Test
  void aLinkThatLeadsNowhereIsAWarning() throws IOException {
    Link.make(folder.resolve("disk"), temporary.resolve("gone"));
    Link.make(folder.resolve("9.bmp"), temporary.resolve("gone.bmp"));
    Link.make(folder.resolve(".lock"), temporary.resolve("process"));
    assertEquals(4, names(folder).size());
    assertEquals(
        List.of(
            folder.resolve("9.bmp") + " left out: it is a link that leads nowhere",
            folder.resolve("disk") + " left out: it is a link that leads nowhere"),
        warnings);
  }

  @Test
  void aSubfolderThatCannotBeReadIsAWarning() throws Exception {
    Path closed = Files.createDirectory(folder.resolve("lost+found"));
    assumeFalse(
        !closed.toFile().setReadable(false) || Files.isReadable(closed), "skipped: as root");
    try {
      assertEquals(4, names(folder).size());
      assertEquals(List.of(closed + " left out: permission denied"), warnings);
    } finally {
      closed.toFile().setReadable(true);
    }
  }

  @Test
  void theWholeSystemIsNoFolderOfPictures() {
    Path root = folder.getRoot();
    UserError error = assertThrows(UserError.class, () -> PictureFiles.in(root, warnings::add));
    assertTrue(error.getMessage().contains("got the whole system"));
  }

  private String fingerprint(Path of) {
    return ImageFolder.of(of, new Cut(32, 0), warnings::add).training().fingerprint();
  }

  @Test
  void picturesAreKnownByTheirBytesWhereverTheyLie() throws IOException {
    String before = fingerprint(folder);
    ImageSource source = ImageFolder.of(folder, new Cut(32, 0), warnings::add).training();
    assertTrue(source.has(before));
    assertFalse(source.has(before.replace("CRC-32C", "CRC")));
    Path moved = Files.move(folder, temporary.resolve("moved"));
    assertEquals(before, fingerprint(moved));
    // As long as before, and of the same name: another picture all the same.
    for (int i = 0; i < 4; i++) {
      Path file = moved.resolve(i < 2 ? i + ".bmp" : "sub/" + i + ".bmp");
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length / 2] ^= 1;
      Files.write(file, bytes);
    }
    assertNotEquals(before, fingerprint(moved));
  }

  /// What an older program wrote of these very files.
  @Test
  void theFingerprintOfAnOlderProgramIsKnown() {
    ImageSource source = ImageFolder.of(folder, new Cut(32, 0), warnings::add).training();
    assertTrue(source.has("12 crops of 32x32 from 3 pictures, CRC d8b4c36e"), source.fingerprint());
  }

  /// A name means the same in an ASCII locale, where its letters cannot be written.
  @Test
  void aNameDoesNotHangOnTheLocale() throws Exception {
    String name = "Grüße 100% ü.bmp";
    ProcessBuilder builder =
        new ProcessBuilder(
                "sh",
                "-c",
                "cp \"$0\"/0.bmp \"$0\"/$(printf '%b' 'Gr\\0303\\0274\\0303\\0237e')' 100% '$(printf '%b' '\\0303\\0274').bmp && exec \"$@\"",
                "" + folder,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Names.class.getName(),
                "" + folder)
            .redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), out);
    String hex = HexFormat.of().formatHex(name.getBytes(StandardCharsets.UTF_8));
    assertTrue(out.lines().toList().contains(hex), out);
  }

  /// Prints the bytes of the names in a folder.
  static final class Names {
    private Names() {}

    public static void main(String[] args) {
      Path folder = Path.of(args[0]);
      for (Path file : PictureFiles.in(folder, System.out::println)) {
        byte[] name = PictureFiles.name(folder, file).getBytes(StandardCharsets.UTF_8);
        System.out.println(HexFormat.of().formatHex(name));
      }
    }
  }
}
