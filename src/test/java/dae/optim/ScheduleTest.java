package dae.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ScheduleTest {
  @Test
  void constantStaysOne() {
    assertEquals(1, Schedule.CONSTANT.factor(0, 10));
    assertEquals(1, Schedule.CONSTANT.factor(9, 10));
  }

  @Test
  void cosineFallsFromOneToNearlyZero() {
    assertEquals(1, Schedule.COSINE.factor(0, 1000));
    assertEquals(0.853553390593, Schedule.COSINE.factor(250, 1000), 1e-12);
    assertEquals(0.5, Schedule.COSINE.factor(500, 1000), 1e-12);
    for (int t = 1; t < 1000; t++) {
      assertTrue(Schedule.COSINE.factor(t, 1000) < Schedule.COSINE.factor(t - 1, 1000));
    }
    assertEquals(2.467e-6, Schedule.COSINE.factor(999, 1000), 1e-9);
  }
}
