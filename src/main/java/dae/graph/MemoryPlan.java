package dae.graph;

import dae.UserError;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Decides where in an arena each slot lies, so that slots that are alive at the same time never
/// overlap.
///
/// Greedy by size (Pisarchyk & Lee 2020, "Efficient Memory Management for Deep Neural Net
/// Inference"): the largest slot first, each at the lowest offset that is free over its whole life.
final class MemoryPlan {
  /// A stretch of memory and the moments between which it must not be touched by others, both
  /// included.
  static final class Slot {
    final String name;
    final long length;
    final int from;
    int to;
    int arena = -1;
    long offset = -1;

    Slot(String name, long length, int from, int to) {
      this.name = name;
      this.length = length;
      this.from = from;
      this.to = to;
    }

    /// Extends the life to include the given moment.
    void use(int moment) {
      to = Math.max(to, moment);
    }

    private boolean meets(Slot other) {
      return arena == other.arena && from <= other.to && other.from <= to;
    }
  }

  private final List<Slot> slots = new ArrayList<>();
  private final List<Long> arenas = new ArrayList<>();
  private final int granularity;
  private final long maxArena;

  MemoryPlan(int granularity, long maxArena) {
    this.granularity = granularity;
    this.maxArena = maxArena;
  }

  Slot slot(String name, long length, int from, int to) {
    Slot slot = new Slot(name, Math.ceilDiv(length, granularity) * granularity, from, to);
    slots.add(slot);
    return slot;
  }

  /// Gives every slot its arena and offset. Deterministic: ties are broken by the order of
  /// creation.
  void place() {
    List<Slot> placed = new ArrayList<>();
    List<Slot> bySize = new ArrayList<>(slots);
    bySize.sort(Comparator.comparingLong((Slot s) -> s.length).reversed());
    for (Slot slot : bySize) {
      slot.arena = 0;
      while ((slot.offset = lowestOffset(slot, placed)) + slot.length > maxArena) {
        if (slot.length > maxArena) {
          throw new UserError(
              slot.name
                  + ": expected at most "
                  + maxArena
                  + " floats, got "
                  + slot.length
                  + " — use a smaller batch or image");
        }
        slot.arena++;
      }
      while (arenas.size() <= slot.arena) {
        arenas.add(0L);
      }
      arenas.set(slot.arena, Math.max(arenas.get(slot.arena), slot.offset + slot.length));
      placed.add(slot);
    }
  }

  private static long lowestOffset(Slot slot, List<Slot> placed) {
    List<Slot> rivals =
        placed.stream()
            .filter(slot::meets)
            .sorted(Comparator.comparingLong(rival -> rival.offset))
            .toList();
    long offset = 0;
    for (Slot rival : rivals) {
      if (offset + slot.length <= rival.offset) {
        break;
      }
      offset = Math.max(offset, rival.offset + rival.length);
    }
    return offset;
  }

  /// Length of each arena in floats.
  List<Long> arenas() {
    return arenas;
  }

  List<Slot> slots() {
    return slots;
  }
}
