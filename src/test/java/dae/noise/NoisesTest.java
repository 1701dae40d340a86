package dae.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import dae.graph.Graph;
import dae.graph.Value;
import dae.image.Canvas;
import dae.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NoisesTest {
  @ParameterizedTest
  @ValueSource(strings = {"gaussian:0.1", "gaussian:1e-1", "0.1", "0.10", ".1"})
  void aWordAndItsSigmaAloneAreTheSame(String word) {
    assertEquals("gaussian:0.1", Noises.named(word).word());
  }

  @Test
  void allThatCanBeSeenHasASample() {
    List<String> shown = Noises.samples().stream().map(NoisesTest::name).toList();
    List<String> listed = Noises.usages().stream().map(line -> line.split("[ :\\[]")[0]).toList();
    assertEquals(
        listed.stream().filter(name -> !Set.of("pairs", "none").contains(name)).toList(), shown);
  }

  private static String name(Noise noise) {
    return noise.word().split(":")[0];
  }

  @Test
  void theDefaultIsTheArticles() {
    assertEquals("gaussian:0.1", Noises.named(Noises.DEFAULT).word());
  }

  @ParameterizedTest
  @CsvSource({
    "gaussian:0-0.3, gaussian:0-0.3",
    "gaussian:0.0-.3, gaussian:0-0.3",
    "gaussian:1e-2-3e-1, gaussian:0.01-0.3",
    "gaussian:1E-4-0.5, gaussian:1e-4-0.5",
    "real, real",
    "stains:.30, stains:0.3",
    "old-photo:1+stains:0.25, old-photo:1+stains:0.25",
    "none, none",
    "old-photo+gaussian:0.04, old-photo+gaussian:0.04",
    "camera:1e-6-3e-3, camera:1e-6-0.003",
    "gaussian:1.0E-4, gaussian:1e-4",
    "gaussian:0.1-0.1, gaussian:0.1",
    "gaussian:0, gaussian:0",
    "poisson:100, poisson:100",
    "poisson:1e4, poisson:10000",
    "poisson:2.50, poisson:2.5",
    "salt-pepper:0.05, salt-pepper:0.05",
    "salt-pepper:1, salt-pepper:1"
  })
  void aWordIsWrittenInOneWay(String word, String written) {
    assertEquals(written, Noises.named(word).word());
    assertEquals(written, Noises.named(written).word());
  }

  @Test
  void kindsAreJoinedByAPlus() {
    String word = "camera:1e-4+gaussian:1e-2+jpeg:30-95+0.1";
    assertEquals("camera:1e-4+gaussian:0.01+jpeg:30-95+gaussian:0.1", Noises.named(word).word());
    assertTrue(Noises.named(word).paints());
    assertFalse(Noises.named("gaussian:1e+0+poisson:2").paints());
  }

  @Test
  void noneIsTheCleanImageItself() {
    Noise none = Noises.named("none");
    Value clean = new Graph().input("clean", Shape.image(2, 3, 3));
    assertSame(clean, none.on(clean));
    assertEquals(Shape.image(2, 3, 1), none.level(clean).shape());
    Canvas canvas = new Canvas(1, 1);
    canvas.read(new byte[] {1, 2, 3}, 0);
    float[] before = canvas.rgb().clone();
    none.paintAll(canvas, 1, 0, 0);
    assertArrayEquals(before, canvas.rgb());
  }

  @Test
  void aShareOfThePicturesIsDamaged() {
    Noise noise = Noises.named("stains:0.3");
    int damaged = 0;
    for (int image = 0; image < 400; image++) {
      Canvas canvas = new Canvas(16, 16);
      Arrays.fill(canvas.rgb(), 1);
      noise.paint(canvas, 1, 0, image);
      boolean touched = false;
      for (float value : canvas.rgb()) {
        touched |= value != 1;
      }
      damaged += touched ? 1 : 0;
    }
    // Four standard deviations of as many draws.
    assertEquals(120, damaged, 4 * Math.sqrt(400 * 0.3 * 0.7));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gaussian:2 | noise: expected gaussian:N or gaussian:FROM-TO with numbers from 0 to 1, got"
            + " 'gaussian:2' — change --noise",
        "poisson:0 | noise: expected 1 to 10000, got 0 — change --noise",
        "poisson:x | noise: expected poisson:PEAK with a number from 1 to 10000, got 'x' — change"
            + " --noise",
        "salt-pepper:1.5 | noise: expected 0 to 1, got 1.5 — change --noise",
        "none:3 | noise: expected none alone, got 'none:3' — change --noise",
        "real:3 | noise: expected 0 to 1, got 3 — change --noise",
        "stains:many | noise: expected stains:SHARE, such as 0.3, got 'stains:many' — change --noise",
        "jpeg | noise: expected jpeg:QUALITY, got 'jpeg' — change --noise",
        "fog:1 | noise: expected one of gaussian:SIGMA, poisson:PEAK, salt-pepper:SHARE,"
            + " camera:SHOT, jpeg:QUALITY, soft:SIGMA, stains[:SHARE], marker[:SHARE], scratches[:SHARE],"
            + " dust[:SHARE], creases[:SHARE], fade[:SHARE], old-photo[:SHARE], real[:SHARE], pairs, none, or several joined by +, got 'fog:1' — change --noise"
      })
  void anErrorSaysTheRangeAndWhatCame(String word, String message) {
    assertEquals(message, assertThrows(UserError.class, () -> Noises.named(word)).getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1-2",
        "fog:1",
        ":0.1",
        "gaussian",
        "gaussian:",
        "gaussian:a",
        "2",
        "gaussian:-1",
        "NaN",
        "gaussian:NaN",
        "gaussian:0-2",
        "gaussian:0--1",
        "gaussian:0.1-0.2-0.3",
        "poisson:",
        "poisson:20000",
        "poisson:NaN",
        "poisson:1-10",
        "gaussian:0.3-0.1",
        "gaussian:0.1+",
        "+gaussian:0.1",
        "gaussian:0.1++real",
        "jpeg:0-50",
        "jpeg:101",
        "camera:1",
        "camera:",
        "real:",
        "salt-pepper",
        "salt-pepper:-0.1"
      })
  void anythingElseIsOneLine(String word) {
    String message = assertThrows(UserError.class, () -> Noises.named(word)).getMessage();
    assertTrue(message.startsWith("noise: expected "), message);
    assertEquals(1, message.lines().count(), message);
  }
}
