package dae.spark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Ranks as threads of the test, joined by sockets.
final class Ranks {
  static final ExecutorService POOL =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());

  private Ranks() {}

  interface Work<T> {
    T run(int rank, Ring ring) throws Exception;
  }

  /// @param most floats of a vector
  /// @return what each rank returns
  static <T> List<T> each(int ranks, int most, Duration timeout, Work<T> work) throws Exception {
    List<Neighbours> neighbours = new ArrayList<>();
    List<Future<T>> futures = new ArrayList<>();
    try {
      for (int rank = 0; rank < ranks; rank++) {
        neighbours.add(
            new Neighbours(new byte[] {5}, 0, rank, ranks, "127.0.0.1", Duration.ofSeconds(60)));
      }
      for (int r = 0; r < ranks; r++) {
        int rank = r;
        String right = neighbours.get((rank + 1) % ranks).address();
        futures.add(
            POOL.submit(() -> {
              try (Ring ring = neighbours.get(rank).ring(right, most, timeout)) {
                return work.run(rank, ring);
              }
            }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> each : futures) {
        results.add(each.get());
      }
      return results;
    } finally {
      for (Neighbours each : neighbours) {
        each.close();
      }
    }
  }
}
