package dae.denoise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.model.ArticleNetwork;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TilesTest {
  private static final ArticleNetwork NETWORK = new ArticleNetwork(2);

  @ParameterizedTest
  @CsvSource({"1, 16", "15, 16", "16, 16", "17, 32", "1000, 1008"})
  void theExtentIsTheNextMultiple(int side, int expected) {
    assertEquals(expected, Tiles.of(side, Overlap.of(NETWORK, 2), 1024).extent());
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0 0 0 0 0 0 0 0",
    "2, 0 1 0 1 0 1 0 1",
    "3, 0 1 2 1 0 1 2 1",
    "5, 0 1 2 3 4 3 2 1",
    "8, 0 1 2 3 4 5 6 7"
  })
  void mirrorsWithoutRepeatingTheEdge(int side, String expected) {
    Tiles tiles = Tiles.of(side, Overlap.of(NETWORK, 2), 1024);
    for (int i = 0; i < 8; i++) {
      assertEquals(Integer.parseInt(expected.split(" ")[i]), tiles.mirrored(i));
    }
  }

  /// Every pixel once; tiles inside the extent, at multiples of the step, with their margins.
  @Test
  void tilesCoverEverySide() {
    for (int block : new int[] {1, 2, 4}) {
      Overlap overlap = Overlap.of(NETWORK, block);
      int least = overlap.least();
      int margin = NETWORK.reach(block);
      for (int most = least; most <= least + 64; most += 16) {
        for (int side = 1; side < 700; side++) {
          Tiles tiles = Tiles.of(side, overlap, most);
          assertTrue(tiles.tile() <= Math.max(most, 16), tiles.toString());
          List<Tiles.Span> spans = tiles.spans();
          int done = 0;
          for (Tiles.Span span : spans) {
            assertEquals(done, span.from());
            assertTrue(span.until() > done, tiles.toString());
            assertEquals(0, span.start() % overlap.step(), tiles.toString());
            assertTrue(span.start() + tiles.tile() <= tiles.extent(), tiles.toString());
            assertTrue(span.start() == 0 || span.from() - span.start() >= margin, tiles.toString());
            assertTrue(
                span.start() + tiles.tile() == tiles.extent()
                    || span.start() + tiles.tile() - span.until() >= margin,
                tiles.toString());
            done = span.until();
          }
          assertEquals(side, done);
        }
      }
    }
  }
}
