package dae.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.inspect.Inspection;
import dae.kernel.Backend;
import dae.kernel.simd.SimdBackend;
import dae.model.Checkpoint;
import dae.train.RunFile;
import dae.train.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/// A run's report as Chromium shows it. Skipped where there is no Chromium with its driver, unless
/// the environment says `DAE_BROWSER=required`.
class BrowserTest {
  @TempDir private static Path folder;
  private static ChromeDriver browser;
  private static RunFolder run;
  private static Path both;
  private static Path inside;

  private static Optional<Path> program(String... names) {
    return Stream.of(names)
        .flatMap(name ->
            Stream.of(System.getenv("PATH").split(":")).map(at -> Path.of(at).resolve(name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  @BeforeAll
  static void open() throws IOException {
    Optional<Path> chromium = program("chromium", "chromium-browser", "google-chrome");
    Optional<Path> driver = program("chromedriver");
    if (chromium.isEmpty() || driver.isEmpty()) {
      String reason = "expected chromium and chromedriver on the PATH, found not both of them";
      assertNotEquals("required", System.getenv("DAE_BROWSER"), reason);
      Assumptions.abort(reason);
    }
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium.get().toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--user-data-dir=" + folder.resolve("profile"));
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    System.setProperty(ChromeDriverService.CHROME_DRIVER_EXE_PROPERTY, "" + driver.get());
    browser = new ChromeDriver(options);
    run = new RunFolder(folder.resolve("run"));
    ReportedRun.train(run, ReportedRun.settings("x", 4), false, true);
    both = folder.resolve("both.html");
    RunRecord record = RunRecord.read(run);
    Page.write(List.of(record, record), List.of("report"), both);
    // The model with the longest names of layers.
    inside = folder.resolve("inside.html");
    float[] grey = new float[64 * 64 * 3];
    Arrays.fill(grey, 0.5f);
    try (Backend backend = new SimdBackend(1)) {
      Inspection.Subject subject = new Inspection.Subject("a/picture.png", grey);
      String html =
          Inspection.of("article", Checkpoint.builtIn("article"), backend, List.of(subject), 64);
      Files.writeString(inside, html);
    }
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.quit();
    }
  }

  private static void show(Path page, int width, String scheme) {
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 1000, "deviceScaleFactor", 1, "mobile", false));
    browser.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    browser.get(page.toUri().toString());
  }

  private static long number(String script) {
    return Math.round(
        ((Number) browser.executeScript("return Number(" + script + ")")).doubleValue());
  }

  private static WebElement plot() {
    return browser.findElement(By.id("error-plot"));
  }

  private static String said() {
    return browser.findElement(By.cssSelector("#error .legend")).getText();
  }

  @ParameterizedTest
  @CsvSource({"400,light", "400,dark", "1600,light", "1600,dark"})
  void fitsEveryWidthInBothColours(int width, String scheme) {
    for (Path page : List.of(run.file(RunFile.REPORT), both, inside)) {
      show(page, width, scheme);
      assertEquals(width, number("innerWidth"));
      assertTrue(number("document.documentElement.scrollWidth") <= width, "scrolls sideways");
      long paper = number("getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0]");
      long ink = number("getComputedStyle(document.body).color.match(/\\d+/)[0]");
      assertTrue(
          scheme.equals("dark") ? paper < 64 && ink > 192 : paper > 192 && ink < 64,
          paper + " " + ink);
      assertEquals(List.of(), browser.manage().logs().get(LogType.BROWSER).getAll());
    }
  }

  /// Nothing in a page of inspect hangs over the column that it stands in.
  @ParameterizedTest
  @CsvSource({"400", "1600"})
  void captionsStayUnderTheirFigures(int width) {
    show(inside, width, "light");
    assertEquals(
        0,
        number(
            "[...document.querySelectorAll('figcaption')].filter(f => f.scrollWidth > f.clientWidth + 1).length"));
    assertTrue(number("document.querySelectorAll('figcaption').length") > 40);
    assertTrue(
        number("document.querySelector('.small').getBoundingClientRect().height")
            < (width == 400 ? 3500 : 1000));
  }

  @Test
  void curvesAndPicturesAreThere() {
    show(run.file(RunFile.REPORT), 1000, "light");
    for (String chart : List.of("error", "rate", "speed", "distribution")) {
      String curve =
          "document.querySelector('#" + chart + " path:not(.grid)').getBoundingClientRect()";
      assertTrue(number(curve + ".width") > 200, chart);
    }
    assertTrue(number("document.querySelector('#error .c1').getBoundingClientRect().height") > 20);
    assertEquals(
        0, number("[...document.images].filter(i => !i.complete || !i.naturalWidth).length"));
    // Noisy, original, epochs 1, 2, 3 and 4; worst, median and best.
    assertEquals(9, number("document.images.length"));
    assertTrue(number("document.querySelectorAll('.network rect').length") > 10);
  }

  @Test
  void keyboardAndPointerMoveThroughTheEpochs() {
    show(run.file(RunFile.REPORT), 1000, "light");
    assertTrue(said().startsWith("epoch 4"), said());
    plot().sendKeys(Keys.ARROW_LEFT);
    assertTrue(said().startsWith("epoch 3"), said());
    assertTrue(plot().getDomAttribute("aria-valuetext").startsWith("epoch 3, "));
    assertEquals("epoch 3", browser.findElement(By.cssSelector("#speed .stop")).getText());
    assertEquals("epoch 3", browser.findElement(By.cssSelector(".strip .on")).getText());
    plot().sendKeys(Keys.HOME);
    String first = said();
    assertTrue(first.startsWith("epoch 1"), first);
    plot().sendKeys(Keys.ARROW_LEFT);
    assertEquals(first, said());
    plot().sendKeys(Keys.ESCAPE);
    assertTrue(said().startsWith("epoch 4"), said());
    // Epoch 2 is in the middle of four.
    new Actions(browser).moveToElement(plot()).perform();
    assertTrue(said().startsWith("epoch 2"), said());
    assertFalse(said().equals(first));
  }

  @Test
  void looksForNewsAndComesBackToTheSamePlace() throws IOException, InterruptedException {
    RunRecord record = RunRecord.read(run);
    record.notes().ended("").write(run.path().resolve("report/run.json"));
    Path live = folder.resolve("live.html");
    Page.write(RunRecord.read(run), List.of(), true, live);
    show(live, 400, "light");
    plot().sendKeys(Keys.HOME);
    browser.executeScript("document.getElementById('epochs').open = true");
    browser.executeScript("document.getElementById('network').scrollIntoView(); marked = true");
    long before = number("document.getElementById('network').getBoundingClientRect().top");
    long waited = System.nanoTime();
    while (!"undefined".equals(browser.executeScript("return typeof marked"))) {
      assertTrue(System.nanoTime() - waited < 120e9, "it does not look for news");
      Thread.sleep(100);
    }
    assertEquals(
        before, number("document.getElementById('network').getBoundingClientRect().top"), 1);
    assertTrue(said().startsWith("epoch 1"), said());
    assertEquals(true, browser.executeScript("return document.getElementById('epochs').open"));
    assertEquals("error-plot", browser.executeScript("return document.activeElement.id"));
    record.notes().write(run.path().resolve("report/run.json"));
  }
}
