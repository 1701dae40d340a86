package dae.kernel.simd;

import dae.UserError;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/// A fixed team of threads. A task is cut into numbered pieces by its shape; the caller takes part
/// as member 0. Nothing is allocated per run. One caller at a time.
///
/// Every member first takes the pieces of its own share, one after the other, then what is left of
/// the others'. Most kernels' pieces go through the batch in order, so that a member mostly finds
/// the images that it wrote in the one before: in its own cache, and not in another core's, which
/// on machines whose cores share no cache is as far as the memory.
final class Workers implements AutoCloseable {
  /// Work in pieces that write to disjoint memory.
  interface Task {
    /// @param piece which piece
    /// @param worker the member that runs it, an index for scratch memory; must not influence the
    ///   result
    void run(int piece, int worker);
  }

  /// Looks for work about this often before a member goes to sleep: some 50 µs, longer than the
  /// gaps between two kernels.
  private static final int SPINS = 1500;

  /// Floats between what one member writes and what the next one does, 16 KB: processors fetch
  /// ahead of a loop, beyond its end, and take from another core what it is about to write
  /// (bench/NOTES.md).
  static final int APART = 1 << 12;

  private final Member[] members;

  /// The next piece of each member's share, each on a cache line of its own.
  private final AtomicIntegerArray next;

  private final AtomicInteger busy = new AtomicInteger();
  private Task task;
  private int pieces;
  private volatile int round;
  private volatile boolean closed;
  private volatile Throwable failure;

  Workers(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("workers: expected at least 1 thread, got " + threads);
    }
    next = new AtomicIntegerArray((threads + 1) * APART);
    members = new Member[threads - 1];
    for (int i = 0; i < members.length; i++) {
      members[i] = new Member(i + 1);
      members[i].start();
    }
  }

  int count() {
    return members.length + 1;
  }

  /// Runs all pieces and returns when the last one is done.
  void run(int pieces, Task task) {
    if (closed) {
      throw new IllegalStateException(
          "backend: expected an open one, got one that was closed — open another");
    }
    if (members.length == 0 || pieces <= 1) {
      for (int piece = 0; piece < pieces; piece++) {
        task.run(piece, 0);
      }
      return;
    }
    this.task = task;
    this.pieces = pieces;
    for (int member = 0; member < count(); member++) {
      next.setPlain(at(member), share(member));
    }
    busy.set(members.length);
    round++;
    for (Member member : members) {
      if (member.asleep) {
        LockSupport.unpark(member);
      }
    }
    work(0);
    int spins = 0;
    while (busy.get() > 0) {
      if (++spins < SPINS) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
    // It holds the tensors of a plan, which may be closed next.
    this.task = null;
    if (failure != null) {
      Throwable cause = failure;
      failure = null;
      throw cause instanceof UserError refused
          ? refused
          : new IllegalStateException("a worker failed: " + cause, cause);
    }
  }

  private void work(int worker) {
    try {
      for (int i = 0; i < count(); i++) {
        int owner = (worker + i) % count();
        int end = share(owner + 1);
        int piece;
        while (next.get(at(owner)) < end && (piece = next.getAndIncrement(at(owner))) < end) {
          task.run(piece, worker);
        }
      }
    } catch (Throwable e) {
      for (int member = 0; member < count(); member++) {
        next.set(at(member), pieces);
      }
      failure = e;
    }
  }

  /// The first piece of a member's share.
  private int share(int member) {
    return (int) ((long) pieces * member / count());
  }

  /// Where a member's counter is. Not at the front, where everybody reads the array's length.
  private static int at(int member) {
    return (member + 1) * APART;
  }

  @Override
  public void close() {
    closed = true;
    for (Member member : members) {
      LockSupport.unpark(member);
    }
  }

  private final class Member extends Thread {
    private final int worker;
    private volatile boolean asleep;

    Member(int worker) {
      super("dae-worker-" + worker);
      this.worker = worker;
      setDaemon(true);
    }

    @Override
    public void run() {
      int seen = 0;
      while (true) {
        int spins = 0;
        while (round == seen && !closed) {
          if (++spins < SPINS) {
            Thread.onSpinWait();
          } else {
            asleep = true;
            if (round == seen && !closed) {
              LockSupport.park(Workers.this);
            }
            asleep = false;
          }
        }
        if (round == seen) {
          return;
        }
        seen = round;
        work(worker);
        busy.decrementAndGet();
      }
    }
  }
}
