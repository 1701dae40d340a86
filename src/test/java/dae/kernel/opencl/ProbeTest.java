package dae.kernel.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.kernel.opencl.Probe.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Questions to drivers that answer, die and hang.
class ProbeTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private String cache;

  @BeforeEach
  void ownCache() {
    cache = System.getProperty("dae.cache", "");
    System.setProperty("dae.cache", folder.resolve("cache").toString());
  }

  @AfterEach
  void cacheAsBefore() {
    System.setProperty("dae.cache", cache);
  }

  /// Stands in for a driver: notes that it was asked, then does as it is told.
  static final class Driver {
    public static void main(String[] does) throws Exception {
      Probe.endWithAsker();
      Files.writeString(
          Path.of(does[0]), "asked\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      switch (does[1]) {
        case "answer" -> {
          System.out.print("driver: without a device ");
          Probe.say("one\ntwo");
          System.out.print("driver: unfinished");
          Probe.say("drei ünd vier");
        }
        case "fail" -> Probe.fail("no device found");
        case "leave" -> Runtime.getRuntime().halt(0);
        case "die" -> Runtime.getRuntime().halt(134);
        case "interrupted" -> Runtime.getRuntime().halt(130);
        default -> Thread.sleep(LONG);
      }
      Probe.end();
    }
  }

  private Probe probe(String does, Duration limit) {
    return new Probe(Driver.class, List.of(), List.of("" + folder.resolve("log"), does), limit);
  }

  private long asked() throws IOException {
    try (var lines = Files.lines(folder.resolve("log"))) {
      return lines.count();
    }
  }

  @Test
  void anAnswerIsWhatTheChildSaysAndNotItsDriver() throws IOException {
    Answer expected = new Answer(List.of("one two", "drei ünd vier"), "");
    assertEquals(expected, probe("answer", LONG).answer());
    assertEquals(expected, probe("answer", LONG).answer());
    assertEquals(1, asked(), "kept");
    assertEquals(expected, probe("answer", LONG).fresh());
    assertEquals(2, asked(), "asked again");
  }

  @Test
  void anAnswerIsAskedAgainWhenSomethingChanged() throws IOException {
    probe("answer", LONG).answer();
    // Where a device was tuned, a trial may come out otherwise.
    Files.writeString(folder.resolve("cache/tiles-0.properties"), "");
    probe("answer", LONG).answer();
    assertEquals(2, asked());
  }

  @Test
  void aReasonIsKept() throws IOException {
    assertEquals("no device found", probe("fail", LONG).answer().failure());
    assertTrue(probe("fail", LONG).answer().failed());
    assertEquals(1, asked());
  }

  @Test
  void aDeathIsALineAndKept() throws IOException {
    Answer answer = probe("die", LONG).answer();
    assertTrue(answer.failed());
    assertTrue(answer.failure().contains("exit code 134, SIGABRT"), answer.failure());
    assertEquals(answer, probe("die", LONG).answer());
    assertEquals(1, asked());
  }

  @Test
  void whatSomebodyEndedIsNotKept() throws IOException {
    assertTrue(probe("interrupted", LONG).answer().failed());
    probe("interrupted", LONG).answer();
    assertEquals(2, asked());
  }

  @Test
  void aDriverThatHangsIsStopped() {
    Answer answer = probe("hang", Duration.ofSeconds(5)).answer();
    assertTrue(answer.failure().contains("was stopped after 5 s"), answer.failure());
  }

  @Test
  void withoutATemporaryFolderThereIsAReason() {
    String before = System.setProperty("java.io.tmpdir", folder.resolve("missing").toString());
    try {
      Answer answer = probe("answer", LONG).answer();
      assertTrue(answer.failure().contains("missing"), answer.failure());
    } finally {
      System.setProperty("java.io.tmpdir", before);
    }
  }

  @Test
  void theBindingsTwoAttemptsAreOneReason() {
    String message =
        """
        Error while loading native library "JOCL"
        Stack trace from the attempt to load the library as a file:
        java.lang.UnsatisfiedLinkError: no JOCL in java.library.path: /usr/lib
        \tat java.base/java.lang.System.loadLibrary(Unknown Source)
        Stack trace from the attempt to load the library as a resource:
        java.lang.UnsatisfiedLinkError: /t/libJOCL.so: /t/libJOCL.so: failed to map segment
        \tat java.base/java.lang.System.load(Unknown Source)
        """;
    assertEquals(
        "/t/libJOCL.so: failed to map segment", Listing.reason(new UnsatisfiedLinkError(message)));
    assertEquals("java.lang.LinkageError: other", Listing.reason(new LinkageError("other")));
  }

  @Test
  void aDeviceComesBackFromItsLine() {
    Device device =
        new Device("1.0", "a\tname, ünd", "3", true, false, 8, 1024, 48 << 10, 1L << 34, 1, true);
    Device parsed = Device.parse(device.toLine());
    assertEquals("a name, ünd", parsed.name());
    assertEquals(device.toLine(), parsed.toLine());
    assertEquals(device.describe().replace('\t', ' '), parsed.describe());
    assertEquals(1L << 34, parsed.memoryBytes());
    assertTrue(parsed.gpu() && !parsed.processor() && parsed.roundsCorrectly());
    assertFalse(parsed.isSame(device), "a tab is not part of a name");
    assertTrue(parsed.isSame(Device.parse(parsed.toLine())));
  }

  @Test
  void aProcessThatEndsWithoutAnAnswerIsAFailure() {
    Answer answer = probe("leave", LONG).answer();
    assertTrue(answer.failure().contains("ended without an answer"), answer.failure());
  }

  @Test
  void aDamagedAnswerIsAskedForAgain() throws Exception {
    Answer answer = probe("answer", LONG).answer();
    try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
      Path kept = files.filter(file -> file.toString().endsWith(".txt")).findFirst().orElseThrow();
      Files.writeString(kept, Files.readString(kept).replace("one two", "garbage"));
    }
    assertEquals(answer, probe("answer", LONG).answer());
  }
}
