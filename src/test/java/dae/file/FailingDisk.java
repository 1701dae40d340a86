package dae.file;

import java.io.IOException;

/// A disk on which one step of writing files fails, or all from one on; until it is closed.
public final class FailingDisk implements AutoCloseable {
  private final int from;
  private final boolean forGood;
  private int steps;

  private FailingDisk(int from, boolean forGood) {
    this.from = from;
    this.forGood = forGood;
    AtomicFile.disk = this::before;
  }

  /// @param from number of the step that fails, the first is 1; 0 for none
  /// @param forGood whether all after it fail as well
  public static FailingDisk at(int from, boolean forGood) {
    return new FailingDisk(from, forGood);
  }

  private synchronized void before(AtomicFile.Step step, java.nio.file.Path file)
      throws IOException {
    steps++;
    if (from > 0 && (steps == from || forGood && steps > from)) {
      throw new IOException(step + " fails");
    }
  }

  /// So many steps were asked for.
  public synchronized int steps() {
    return steps;
  }

  @Override
  public void close() {
    AtomicFile.disk = (step, file) -> {};
  }
}
