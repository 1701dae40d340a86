package dae.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MemoryPlanTest {
  @Test
  void slotsAliveAtOnceNeverOverlap() {
    Random random = new Random(1);
    for (int trial = 0; trial < 300; trial++) {
      int granularity = random.nextBoolean() ? 1 : 16;
      long maxArena = random.nextBoolean() ? Long.MAX_VALUE / 2 : 1024;
      MemoryPlan plan = new MemoryPlan(granularity, maxArena);
      int count = 1 + random.nextInt(40);
      for (int i = 0; i < count; i++) {
        int from = random.nextInt(30) - 1;
        MemoryPlan.Slot slot =
            plan.slot("slot" + i, 1 + random.nextInt(1000), from, from + random.nextInt(5));
        slot.use(from + random.nextInt(12));
      }
      plan.place();
      List<MemoryPlan.Slot> slots = plan.slots();
      for (int i = 0; i < count; i++) {
        MemoryPlan.Slot a = slots.get(i);
        assertEquals(0, a.offset % granularity);
        assertEquals(0, a.length % granularity);
        assertTrue(a.offset >= 0 && a.offset + a.length <= plan.arenas().get(a.arena));
        assertTrue(a.offset + a.length <= maxArena);
        for (int j = 0; j < i; j++) {
          MemoryPlan.Slot b = slots.get(j);
          boolean together = a.from <= b.to && b.from <= a.to && a.arena == b.arena;
          boolean overlap = a.offset < b.offset + b.length && b.offset < a.offset + a.length;
          assertTrue(!together || !overlap, a.name + " and " + b.name + " in trial " + trial);
        }
      }
    }
  }

  @Test
  void memoryIsUsedAgain() {
    MemoryPlan plan = new MemoryPlan(1, 1000);
    plan.slot("early", 100, 0, 4);
    plan.slot("late", 100, 5, 9);
    plan.slot("throughout", 10, 0, 9);
    plan.place();
    assertEquals(List.of(110L), plan.arenas());
  }

  @Test
  void aFullArenaOpensTheNext() {
    MemoryPlan plan = new MemoryPlan(1, 100);
    plan.slot("a", 60, 0, 1);
    plan.slot("b", 60, 0, 1);
    plan.slot("c", 40, 0, 1);
    plan.place();
    assertEquals(List.of(100L, 60L), plan.arenas());
  }

  @Test
  void whatFitsNowhereIsNamed() {
    MemoryPlan plan = new MemoryPlan(16, 100);
    plan.slot("conv", 101, 0, 1);
    assertEquals(
        "conv: expected at most 100 floats, got 112 — use a smaller batch or image",
        assertThrows(UserError.class, plan::place).getMessage());
  }
}
