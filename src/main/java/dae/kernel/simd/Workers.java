package dae.kernel.simd;

import dae.UserError;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// A fixed team of threads. A task is cut into numbered pieces by its shape; every member takes the
/// next free piece until none is left, and the caller takes part as member 0. Nothing is allocated
/// per run. One caller at a time.
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

  private final Member[] members;
  private final AtomicInteger next = new AtomicInteger();
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
    next.set(0);
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
      int piece;
      while ((piece = next.getAndIncrement()) < pieces) {
        task.run(piece, worker);
      }
    } catch (RuntimeException | Error e) {
      next.set(pieces);
      failure = e;
    }
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
