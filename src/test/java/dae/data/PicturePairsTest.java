package dae.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Files are empty: pairs are found by name alone.
class PicturePairsTest {
  @TempDir private Path folder;

  private final List<String> warnings = new ArrayList<>();

  @BeforeEach
  void write() throws IOException {
    for (String name :
        List.of(
            "noisy/b.JPG",
            "noisy/a.png",
            "noisy/sub/a.png",
            "noisy/sub/._a.png",
            "noisy/notes.txt",
            "clean/a.png",
            "clean/b.png",
            "clean/sub/a.jpeg",
            "mixed/2_real.png",
            "mixed/2_mean.png",
            "mixed/10_real.png",
            "mixed/10_mean.png",
            "mixed/_real.png",
            "mixed/_mean.png",
            "mixed/real.png",
            "mixed/sub/3_real.png",
            "mixed/sub/3_mean.png",
            "twice/a.png",
            "twice/a.jpg")) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.createFile(file);
    }
  }

  private List<PicturePairs.Pair> pairs(String noisy, String clean) {
    return PicturePairs.of(folder + "/" + noisy, folder + "/" + clean, warnings::add);
  }

  private PicturePairs.Pair pair(String name, String noisy, String clean) {
    return new PicturePairs.Pair(name, folder.resolve(noisy), folder.resolve(clean));
  }

  @Test
  void inTwoFoldersTheirPathsWithoutSuffixAreTheNames() {
    assertEquals(
        List.of(
            pair("a", "noisy/a.png", "clean/a.png"),
            pair("b", "noisy/b.JPG", "clean/b.png"),
            pair("sub/a", "noisy/sub/a.png", "clean/sub/a.jpeg")),
        pairs("noisy", "clean"));
    assertEquals(List.of(), warnings);
  }

  @Test
  void inAPatternWhatTheStarStandsForIsTheName() {
    assertEquals(
        List.of(
            pair("", "mixed/_real.png", "mixed/_mean.png"),
            pair("10", "mixed/10_real.png", "mixed/10_mean.png"),
            pair("2", "mixed/2_real.png", "mixed/2_mean.png")),
        pairs("mixed/*_real.png", "mixed/*_mean.png"));
    assertEquals(List.of(), warnings);
  }

  @Test
  void aPatternAndAFolderMix() throws IOException {
    Files.createFile(folder.resolve("clean/2.png"));
    assertEquals(
        List.of(pair("2", "mixed/2_real.png", "clean/2.png")), pairs("mixed/*_real.png", "clean"));
    assertEquals(1, warnings.size());
    assertTrue(warnings.getFirst().startsWith("5 left out, without a partner: "), "" + warnings);
    assertTrue(warnings.getFirst().contains(folder.resolve("mixed/10_real.png") + ", "));
    assertTrue(warnings.getFirst().endsWith(", …"), "" + warnings);
  }

  @Test
  void aLinkToAFolderIsAFolder() throws IOException {
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("noisy"));
    assertEquals(pair("a", "link/a.png", "clean/a.png"), pairs("link", "clean").getFirst());
  }

  @ParameterizedTest
  @CsvSource({
    "noisy, mixed, none alike among 12",
    "noisy, nowhere, expected a folder",
    "noisy, nowhere/*_mean.png, expected a folder",
    "noisy, notes.txt, expected a folder",
    "noisy, clean/*_*.png, expected one *",
    "twice, clean, expected one picture of that name"
  })
  void anythingElseIsOneLine(String noisy, String clean, String part) {
    String message = assertThrows(UserError.class, () -> pairs(noisy, clean)).getMessage();
    assertTrue(message.contains(part), message);
    assertEquals(1, message.lines().count(), message);
  }
}
