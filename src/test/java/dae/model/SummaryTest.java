package dae.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {
  private final Summary article = new Summary(new ArticleNetwork(32), 32, 32);

  @Test
  void countsTheArticlesModel() {
    assertEquals(2_155_139, article.parameters());
    assertEquals(2_152_707, article.trainable());
    assertEquals(30.6e6, article.multiplyAdds(), 0.05e6);
  }

  @Test
  void theTableSaysTheSame() {
    List<String> lines = article.lines();
    assertTrue(lines.stream().anyMatch(line -> line.matches("parameters +2,155,139")));
    assertTrue(lines.stream().anyMatch(line -> line.matches(" +trainable +2,152,707")));
    assertTrue(lines.stream().anyMatch(line -> line.matches(" +not trainable +2,432")));
    assertTrue(
        lines.stream().anyMatch(line -> line.matches("merge2 +\\(N, 8, 8, 192\\) +0 +0\\.\\d+")),
        String.join("\n", lines));
  }

  @Test
  void fourTimesTheAreaIsFourTimesTheWork() {
    Summary doubled = new Summary(new ArticleNetwork(32), 64, 64);
    assertEquals(article.parameters(), doubled.parameters());
    assertEquals(4 * article.multiplyAdds(), doubled.multiplyAdds());
  }
}
