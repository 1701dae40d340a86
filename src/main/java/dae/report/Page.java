package dae.report;

import dae.UserError;
import dae.file.AtomicFile;
import dae.file.PlainFile;
import dae.file.Reason;
import dae.html.Html;
import dae.train.RunFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;

/// A report as one file that needs nothing else: no script, style, font or picture from outside.
public final class Page {
  /// In the head of every report, by which it is known as one.
  static final String MARK = "<meta name=\"generator\" content=\"dae-engine\">";

  private static final int MARK_WITHIN = 1024;
  private static final String UNITS =
      "<p class=\"note\">MSE: mean squared error of pixels from 0 to 1; in dB, as PSNR, −10·log₁₀ of it.</p>\n";

  private final StringBuilder html = new StringBuilder();

  private Page() {}

  /// Makes sure that nothing but an older report is written over.
  ///
  /// @throws UserError if there is something else
  public static void requireReplaceable(Path target) {
    if (AtomicFile.reserve(target)) {
      return;
    }
    try (InputStream in = PlainFile.open(target)) {
      byte[] head = in.readNBytes(MARK_WITHIN);
      if (new String(head, StandardCharsets.ISO_8859_1).contains(MARK)) {
        return;
      }
    } catch (IOException e) {
      throw new UserError(
          target + ": expected an older report, got " + Reason.of(e) + " — change --out", e);
    }
    throw new UserError(
        target + ": expected an older report or nothing, got another file — change --out");
  }

  /// Writes a run's report.
  ///
  /// @param again commands: the first makes the run, the others use its model, once there is one
  /// @param live whether the run goes on, unless its notes say that it ended; the page then looks
  ///   for news by itself
  /// @throws IOException when a picture cannot be read or the page not be written
  public static void write(RunRecord run, List<String> again, boolean live, Path target)
      throws IOException {
    boolean running = live && run.notes() != null && run.notes().ended().isEmpty();
    Page page = new Page();
    page.begin(run.name(), running, run.epochs().isEmpty() ? 20 : run.epochs().getLast().seconds());
    RunSections sections = new RunSections(run);
    page.html.append("<header><h1>%s</h1>\n".formatted(Html.text(run.name())));
    page.html.append(status(run, running));
    page.html.append(sections.abstractOfIt()).append("</header>\n");
    Charts charts = new Charts(List.of(run));
    page.section(
        "curves",
        "Curves",
        run.epochs().isEmpty() && run.steps().isEmpty()
            ? "<p>No epoch is finished yet.</p>"
            : charts.html() + UNITS + sections.settling() + sections.epochs());
    page.section("samples", "The same pictures, epoch by epoch", sections.samples());
    page.section("validation", "Validation images", charts.distribution() + sections.ranks());
    page.section("network", "Network", sections.network());
    page.section("times", "Time per operation", sections.times());
    page.section("settings", "Settings", sections.settings());
    page.section("machine", "Machine", sections.machine());
    boolean saved = Files.exists(run.folder().file(RunFile.BEST));
    page.section("again", "Again", commands(saved ? again : again.stream().limit(1).toList()));
    page.end(target);
  }

  /// Writes several runs over one another.
  public static void write(List<RunRecord> runs, List<String> again, Path target)
      throws IOException {
    Page page = new Page();
    String names = runs.stream().map(RunRecord::name).collect(Collectors.joining(", "));
    page.begin(names, false, 0);
    page.html.append("<header><h1>%d runs</h1>\n".formatted(runs.size()));
    page.html.append("<p class=\"abstract\">%s</p></header>\n".formatted(Html.text(names)));
    Comparison comparison = new Comparison(runs);
    Charts charts = new Charts(runs);
    page.section("results", "Results", comparison.results());
    page.section("differences", "What they differ in", comparison.differences());
    page.section("curves", "Curves", charts.html() + UNITS);
    page.section("samples", "The same pictures, after the last epoch", comparison.samples());
    page.section("validation", "Validation images", charts.distribution());
    page.section("again", "Again", commands(again));
    page.end(target);
  }

  private static String status(RunRecord run, boolean running) {
    String ended = run.notes() == null ? "" : run.notes().ended();
    String state =
        run.complete()
            ? (run.harmful() ? "harmful" : "complete")
            : running ? "running" : ended.isEmpty() ? "open" : "broken";
    String words =
        switch (state) {
          case "complete" -> "Complete.";
          case "harmful" ->
              "Complete, but the images are better as they are, noisy, than what it makes of them.";
          case "running" -> "Running; this page looks for news by itself.";
          case "open" -> "Not complete.";
          default -> ended;
        };
    return "<p class=\"status %s\" id=\"status\">%s</p>\n".formatted(state, Html.text(words));
  }

  private static String commands(List<String> commands) {
    return commands.isEmpty()
        ? ""
        : "<pre>%s</pre>\n"
            .formatted(
                Html.text(String.join("\n", commands))
                    .replaceAll(" (--[a-z0-9-]+)", " <span>$1</span>"));
  }

  private void begin(String title, boolean running, double epochSeconds) {
    html.append(
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        %s
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>%s</title>
        <link rel="icon" href="data:,">
        <style>
        %s</style>
        </head>
        <body%s>
        """
            .formatted(
                MARK,
                Html.text(title),
                resource("report.css"),
                running
                    ? " data-written=\"%d\" data-seconds=\"%d\""
                        .formatted(
                            System.currentTimeMillis(), Math.max(1, Math.round(epochSeconds)))
                    : ""));
  }

  private void section(String id, String title, String content) {
    if (!content.isEmpty()) {
      html.append("<section id=\"%s\"><h2>%s</h2>\n<div>\n".formatted(id, Html.text(title)));
      html.append(content).append("</div></section>\n");
    }
  }

  private void end(Path target) throws IOException {
    String now = LocalDateTime.now().truncatedTo(ChronoUnit.SECONDS).toString().replace('T', ' ');
    html.append("<footer>Written by dae-engine, %s.</footer>\n".formatted(now));
    html.append("<script>\n").append(resource("report.js")).append("</script>\n</body>\n</html>\n");
    byte[] bytes = html.toString().getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(target, out -> out.write(bytes));
  }

  private static String resource(String name) {
    try (InputStream in = Page.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UserError("report: expected " + name + " in the program, got " + e, e);
    }
  }
}
