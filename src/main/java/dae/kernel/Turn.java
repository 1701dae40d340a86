package dae.kernel;

import java.util.concurrent.locks.ReentrantLock;

/// Whose turn it is on a backend: one thread at a time computes, the others wait in the order in
/// which they came. A thread that has the turn may take it again.
///
/// A backend's kernels keep what they work on in their fields and share one team of threads or one
/// queue, so two calls at once would mix their numbers. Whoever calls several kernels that belong
/// together takes the turn once for all of them:
///
/// ```java
/// try (Turn _ = backend.turn().take()) { … }
/// ```
///
/// A backend that is closed gives no more turns, so nothing of it is used afterwards, and nothing
/// is given back under a call that runs.
///
/// The workers of a team never take it, so waiting for them with the turn in hand cannot deadlock.
public final class Turn implements AutoCloseable {
  /// Fair: a thread with many calls would else take the turn again before a waiting one wakes up.
  private final ReentrantLock lock = new ReentrantLock(true);

  private volatile boolean over;

  /// Waits for the turn.
  ///
  /// @return this, to be closed by the same thread
  /// @throws IllegalStateException if the backend was closed
  public Turn take() {
    lock.lock();
    try {
      requireOpen();
    } catch (IllegalStateException e) {
      lock.unlock();
      throw e;
    }
    return this;
  }

  /// The same for what gives something back, which a closed backend takes too.
  public Turn takeToClose() {
    lock.lock();
    return this;
  }

  /// @throws IllegalStateException if the backend was closed
  public void requireOpen() {
    if (over) {
      throw new IllegalStateException(
          "backend: expected an open one, got one that was closed — open another");
    }
  }

  /// Closes a backend: waits for the turn, which nobody gets any more.
  ///
  /// @param close gives back what the backend has; not called again
  public void end(Runnable close) {
    try (Turn _ = takeToClose()) {
      if (lock.getHoldCount() > 1) {
        throw new IllegalStateException(
            "backend: expected to be closed between calls, got it from inside of one — close it later");
      }
      if (!over) {
        over = true;
        close.run();
      }
    }
  }

  /// Gives the turn back.
  @Override
  public void close() {
    lock.unlock();
  }
}
