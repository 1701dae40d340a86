package dae.kernel.simd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkersTest {
  private static final int PIECES = 40;

  /// Among them fewer pieces than members, and shares of different sizes.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7})
  void everyPieceIsDoneOnce(int threads) {
    try (Workers workers = new Workers(threads)) {
      for (int round = 0; round < 200; round++) {
        int pieces = round % (PIECES + 2);
        AtomicIntegerArray done = new AtomicIntegerArray(pieces);
        workers.run(pieces, (piece, worker) -> done.incrementAndGet(piece));
        int[] times = new int[pieces];
        Arrays.setAll(times, done::get);
        int[] once = new int[pieces];
        Arrays.fill(once, 1);
        assertArrayEquals(once, times);
      }
    }
  }

  /// So that a thread goes on with the images that are in its cache.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void everyMemberBeginsWithItsOwnShare(int threads) {
    try (Workers workers = new Workers(threads)) {
      int share = 8;
      int[] first = new int[threads];
      Arrays.fill(first, -1);
      CountDownLatch begun = new CountDownLatch(threads);
      workers.run(
          share * threads,
          (piece, worker) -> {
            if (first[worker] < 0) {
              first[worker] = piece;
              begun.countDown();
              await(begun);
            }
          });
      assertArrayEquals(IntStream.range(0, threads).map(i -> i * share).toArray(), first);
    }
  }

  /// Ends only if the others do what is left of a share whose owner is busy.
  @ParameterizedTest
  @ValueSource(ints = {2, 5})
  void aBusyMembersShareIsTakenOver(int threads) {
    try (Workers workers = new Workers(threads)) {
      CountDownLatch others = new CountDownLatch(PIECES - 1);
      workers.run(
          PIECES,
          (piece, worker) -> {
            if (piece == 0) {
              await(others);
            } else {
              others.countDown();
            }
          });
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(10, TimeUnit.SECONDS), "the other members do nothing");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void aFailureReachesTheCallerAndTheTeamGoesOn(int threads) {
    try (Workers workers = new Workers(threads)) {
      for (int bad = 0; bad < PIECES; bad++) {
        int failing = bad;
        assertThrows(
            RuntimeException.class,
            () ->
                workers.run(
                    PIECES,
                    (piece, worker) -> {
                      if (piece == failing) {
                        throw new ArithmeticException("piece " + piece);
                      }
                    }));
      }
      AtomicIntegerArray done = new AtomicIntegerArray(PIECES);
      workers.run(PIECES, (piece, worker) -> done.set(piece, 1));
      assertEquals(PIECES, IntStream.range(0, PIECES).map(done::get).sum());
    }
  }

  /// Whoever reads it must not be told about workers.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void aRefusalReachesTheCallerAsItIs(int threads) {
    try (Workers workers = new Workers(threads)) {
      UserError refused = new UserError("picture: expected one, got none — give one");
      Workers.Task task =
          (_, _) -> {
            throw refused;
          };
      assertSame(refused, assertThrows(UserError.class, () -> workers.run(PIECES, task)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void aClosedTeamRefuses(int threads) {
    Workers workers = new Workers(threads);
    workers.close();
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () ->
            assertThrows(
                IllegalStateException.class, () -> workers.run(PIECES, (piece, worker) -> {})));
  }
}
