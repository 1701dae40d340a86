package dae.report;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import dae.html.Html;
import dae.report.RunReport.Rank;
import dae.train.History;
import dae.train.RunFile;
import dae.train.RunFolder;
import dae.train.Settings;
import dae.train.SettingsFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunReportTest {
  @TempDir Path temporary;

  private RunFolder folder(String name) {
    return new RunFolder(temporary.resolve(name));
  }

  private static String page(RunFolder folder) throws IOException {
    return Files.readString(folder.file(RunFile.REPORT));
  }

  @Test
  void aRunLeavesAPageThatNeedsNothingElse() throws IOException {
    RunFolder run = folder("a<i>&b");
    assertEquals(List.of(), ReportedRun.train(run, ReportedRun.settings("x<y>&", 3), false, true));
    String page = page(run);
    assertTrue(page.contains("Complete"));
    assertFalse(page.contains("data-written"), "it must not look for news");
    for (String id : List.of("curves", "samples", "validation", "network", "times", "again")) {
      assertTrue(page.contains("<section id=\"" + id + "\">"), id);
    }
    assertFalse(page.contains("http:") || page.contains("https:"), "something from outside");
    assertFalse(page.matches("(?s).*(src|href)=\"(?!data:).*"), "something from outside");
    // The names of folder, data set and device are text.
    assertTrue(page.contains("<h1>a&lt;i&gt;&amp;b</h1>"));
    assertTrue(page.contains("x&lt;y&gt;&amp;"));
    assertTrue(page.contains("&lt;b&gt;a device&lt;/b&gt;"));
    assertFalse(page.contains("a<i>") || page.contains("x<y>") || page.contains("<b>"));
    History.Row last = History.read(run.file(RunFile.HISTORY)).rows().getLast();
    assertTrue(page.contains(Html.number(last.valMse())));
    assertTrue(page.contains("Statistics still settling in epochs 1 to 3:"));
  }

  @Test
  void whatIsKeptAgreesWithTheHistory() throws IOException {
    RunFolder run = folder("run");
    ReportedRun.train(run, ReportedRun.settings("x", 2), false, false);
    RunRecord record = RunRecord.read(run);
    double[] psnr = record.validation().denoised();
    assertEquals(ReportedRun.IMAGES, psnr.length);
    double mse =
        IntStream.range(0, psnr.length)
            .mapToDouble(i -> Math.pow(10, -psnr[i] / 10))
            .average()
            .orElseThrow();
    assertEquals(record.epochs().getLast().valMse(), mse, 1e-12);
    // Five batches of 8 in an epoch: as many points, whose mean is the epoch's loss.
    assertEquals(10, record.steps().size());
    double loss =
        record.steps().stream().skip(5).mapToDouble(LossCurve.Point::loss).average().orElseThrow();
    assertEquals(record.epochs().getLast().loss(), loss, 1e-9);
    assertEquals(List.of(1, 2), List.copyOf(record.samples().keySet()));
    assertEquals(0, record.trace().size());
  }

  @Test
  void aResumedRunShowsWhatWasBefore() throws IOException {
    RunFolder broken = folder("broken");
    ReportedRun.train(broken, ReportedRun.settings("x", 2), false, false);
    assertEquals(List.of(), ReportedRun.train(broken, ReportedRun.settings("x", 4), true, false));
    RunFolder whole = folder("whole");
    ReportedRun.train(whole, ReportedRun.settings("x", 4), false, false);
    RunRecord resumed = RunRecord.read(broken);
    assertEquals(RunRecord.read(whole).steps(), resumed.steps());
    assertEquals(2, resumed.notes().sittings().size());
    assertEquals(3, resumed.notes().sittings().getLast().epoch());
    for (int epoch : List.of(1, 2, 3, 4)) {
      assertArrayEquals(
          Files.readAllBytes(RunRecord.read(whole).samples().get(epoch)),
          Files.readAllBytes(resumed.samples().get(epoch)));
    }
  }

  @Test
  void aReportThatCannotBeWrittenDoesNotStopARun() throws IOException {
    RunFolder run = folder("run");
    Files.createDirectories(run.path());
    Files.writeString(run.path().resolve("report"), "a file where the folder should be");
    List<String> warnings = ReportedRun.train(run, ReportedRun.settings("x", 2), false, false);
    assertEquals(1, warnings.size(), "" + warnings);
    String line = warnings.getFirst();
    assertTrue(line.startsWith("report: " + run.path().resolve("report")), line);
    assertTrue(line.endsWith("; the run goes on without it"), line);
    assertEquals(2, History.read(run.file(RunFile.HISTORY)).rows().size());
  }

  @Test
  void aRunWithoutNotesHasAReportToo() throws IOException {
    RunFolder run = folder("old");
    Settings settings = ReportedRun.settings("cifar100", 2);
    Files.createDirectories(run.path());
    Files.writeString(run.file(RunFile.SETTINGS), SettingsFile.pretty(settings));
    History history = new History();
    history.add(new History.Row(1, 0.004, 0.002, 100, 10));
    history.write(run.file(RunFile.HISTORY));
    Path target = temporary.resolve("old.html");
    Page.write(RunRecord.read(run), List.of(), false, target);
    String page = Files.readString(target);
    assertTrue(page.contains("0.002000 (26.99 dB)"));
    assertFalse(page.contains("<section id=\"samples\">"));
  }

  @Test
  void aModelThatDoesWorseThanTheNoiseIsNotSimplyComplete() throws IOException {
    RunFolder run = folder("run");
    ReportedRun.train(run, ReportedRun.settings("x", 1), false, false);
    Path page = temporary.resolve("page.html");
    // Noise of σ = 0.1 has an MSE of less than 0.01.
    for (double mse : List.of(0.02, 0.001)) {
      History history = new History();
      history.add(new History.Row(1, 0.004, mse, 100, 10));
      history.write(run.file(RunFile.HISTORY));
      Page.write(RunRecord.read(run), List.of(), false, page);
      String state = mse == 0.02 ? "harmful" : "complete";
      assertTrue(Files.readString(page).contains("status " + state), state);
    }
  }

  @Test
  void aModelThatWasNotSavedIsNotOffered() throws IOException {
    RunFolder run = folder("run");
    ReportedRun.train(run, ReportedRun.settings("x", 1), false, false);
    List<String> again = List.of("train it", "evaluate it", "denoise with it");
    Path page = temporary.resolve("page.html");
    Page.write(RunRecord.read(run), again, false, page);
    assertTrue(Files.readString(page).contains("train it\nevaluate it\ndenoise with it"));
    Files.delete(run.file(RunFile.BEST));
    Page.write(RunRecord.read(run), again, false, page);
    assertTrue(Files.readString(page).contains("<pre>train it</pre>"));
  }

  /// An older version may have shown other images than this one does.
  @Test
  void picturesOfOtherImagesAreNotMixed() throws IOException {
    RunFolder run = folder("run");
    ReportedRun.train(run, ReportedRun.settings("x", 2), false, false);
    Path kept = run.path().resolve("report");
    Files.copy(kept.resolve("worst.png"), kept.resolve("clean.png"), REPLACE_EXISTING);
    ReportedRun.train(run, ReportedRun.settings("x", 3), true, false);
    assertEquals(List.of(3), List.copyOf(RunRecord.read(run).samples().keySet()));
  }

  @Test
  void severalRunsSayWhatTheyDifferIn() throws IOException {
    for (int seed : List.of(1, 2)) {
      Settings settings = ReportedRun.settings("x", 1);
      ReportedRun.train(
          folder("run" + seed), settings.with(settings.steps().withSeed(seed)), false, false);
    }
    Path target = temporary.resolve("both.html");
    Page.write(
        List.of(RunRecord.read(folder("run1")), RunRecord.read(folder("run2"))), List.of(), target);
    String page = Files.readString(target);
    String table =
        page.substring(
            page.indexOf("<section id=\"differences\">"), page.indexOf("<section id=\"curves\">"));
    assertTrue(table.contains("<tr><td>seed</td><td>1</td><td>2</td></tr>"), table);
    assertFalse(table.contains("batch size"), table);
  }

  @Test
  void nothingButAReportIsWrittenOver() throws IOException {
    Path target = temporary.resolve("notes.html");
    Page.requireReplaceable(target);
    Files.writeString(target, "<html>mine</html>");
    assertThrows(UserError.class, () -> Page.requireReplaceable(target));
    RunFolder run = folder("run");
    ReportedRun.train(run, ReportedRun.settings("x", 1), false, false);
    Page.requireReplaceable(run.file(RunFile.REPORT));
  }

  @Test
  void damagedFilesAreOneLine() throws IOException {
    RunFolder run = folder("run");
    assertThrows(UserError.class, () -> RunRecord.read(run));
    ReportedRun.train(run, ReportedRun.settings("x", 1), false, false);
    for (String name : List.of("run.json", "steps.csv", "validation.csv")) {
      Path file = run.path().resolve("report").resolve(name);
      byte[] whole = Files.readAllBytes(file);
      Files.write(file, new byte[] {1, (byte) 0xff, 2});
      UserError e = assertThrows(UserError.class, () -> RunRecord.read(run), name);
      assertTrue(e.getMessage().contains(name) && !e.getMessage().contains("\n"), e.getMessage());
      Files.write(file, whole);
    }
    RunRecord.read(run);
  }

  @Test
  void samplesAreKeptEverMoreRarely() {
    assertEquals(
        List.of(1, 2, 3, 5, 8, 12, 18, 27, 41, 62, 93),
        IntStream.rangeClosed(1, 100).filter(RunReport::worthKeeping).boxed().toList());
  }

  @Test
  void worstMedianAndBestByHand() {
    double[] psnr = {5, 1, 4, 2, 3, 9, 8, 7, 6};
    int[] order = RunReport.order(psnr);
    assertArrayEquals(new int[] {1, 3, 4}, Rank.WORST.of(order));
    assertArrayEquals(new int[] {2, 0, 8}, Rank.MEDIAN.of(order));
    assertArrayEquals(new int[] {7, 6, 5}, Rank.BEST.of(order));
    assertArrayEquals(new int[] {0}, Rank.WORST.of(new int[] {0}));
  }

  @Test
  void aStripHasTransparentGaps() {
    float[] red = new float[32 * 32 * 3];
    for (int i = 0; i < red.length; i += 3) {
      red[i] = 1;
    }
    BufferedImage strip = Strip.of(32, 32, 1, red, red);
    assertEquals(32, strip.getWidth());
    assertEquals(66, strip.getHeight());
    assertEquals(0xFFFF0000, strip.getRGB(31, 31));
    assertEquals(0, strip.getRGB(0, 32));
    assertEquals(0xFFFF0000, strip.getRGB(0, 34));
  }

  @Test
  void axesHaveRoundTicks() {
    assertEquals(List.of(0.001, 0.002, 0.005), new Axis(0.0009, 0.006, true).ticks());
    assertEquals(List.of(0.0, 20.0, 40.0, 60.0), new Axis(0, 63, false).ticks());
    assertEquals(0.5, new Axis(0.01, 1, true).at(0.1), 1e-12);
    assertTrue(Double.isNaN(new Axis(0.01, 1, true).at(0)));
    assertEquals(
        new Axis(0, 0.00105, false).high(),
        Axis.around(false, java.util.stream.DoubleStream.of(0.001)).high(),
        1e-9);
    assertEquals("1e25", Axis.label(1e25));
    assertEquals("1.5e6", Axis.label(1.5e6));
    assertEquals("1e5", Axis.label(1e5));
    assertEquals("1e-7", Axis.label(1e-7));
    assertEquals("0.3", Axis.label(3 * 0.1));
  }
}
