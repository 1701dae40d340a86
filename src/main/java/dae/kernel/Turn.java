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
/// The workers of a team never take it, so waiting for them with the turn in hand cannot deadlock.
public final class Turn implements AutoCloseable {
  /// Fair: a thread with many calls would else take the turn again before a waiting one wakes up.
  private final ReentrantLock lock = new ReentrantLock(true);

  /// Waits for the turn.
  ///
  /// @return this, to be closed by the same thread
  public Turn take() {
    lock.lock();
    return this;
  }

  /// Gives the turn back.
  @Override
  public void close() {
    lock.unlock();
  }
}
