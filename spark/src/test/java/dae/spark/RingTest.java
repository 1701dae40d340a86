package dae.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class RingTest {
  private static float[] vector(int rank, int length, boolean whole) {
    Random random = new Random(100 * length + rank);
    float[] vector = new float[length];
    for (int i = 0; i < length; i++) {
      vector[i] = whole ? random.nextInt(2001) - 1000 : (float) random.nextGaussian();
    }
    return vector;
  }

  private static List<float[]> sums(int ranks, int length, boolean whole) throws Exception {
    return Ranks.each(
        ranks,
        length,
        Duration.ofSeconds(60),
        (rank, ring) -> {
          float[] vector = vector(rank, length, whole);
          ring.sum(vector);
          ring.requireSame(length);
          return vector;
        });
  }

  @Test
  void sumsWholeNumbersExactly() throws Exception {
    for (int ranks : new int[] {2, 3, 5}) {
      for (int length : new int[] {1, 2, 7, 100_003}) {
        float[] expected = new float[length];
        for (int rank = 0; rank < ranks; rank++) {
          float[] vector = vector(rank, length, true);
          for (int i = 0; i < length; i++) {
            expected[i] += vector[i];
          }
        }
        for (float[] got : sums(ranks, length, true)) {
          assertArrayEquals(expected, got, ranks + " ranks, " + length);
        }
      }
    }
  }

  /// Chunk c is v_c + v_{c+1} + …, in this order, from the left.
  @Test
  void addsInTheOrderOfRanks() throws Exception {
    int ranks = 3;
    int length = 301;
    float[] expected = new float[length];
    for (int c = 0; c < ranks; c++) {
      for (int i = c * length / ranks; i < (c + 1) * length / ranks; i++) {
        expected[i] =
            vector(c, length, false)[i]
                + vector((c + 1) % ranks, length, false)[i]
                + vector((c + 2) % ranks, length, false)[i];
      }
    }
    for (float[] got : sums(ranks, length, false)) {
      assertArrayEquals(expected, got);
    }
  }

  @Test
  void endsWhenANeighbourStalls() {
    ExecutionException failed =
        assertThrows(
            ExecutionException.class,
            () ->
                Ranks.each(
                    2,
                    1000,
                    Duration.ofMillis(500),
                    (rank, ring) -> {
                      if (rank == 1) {
                        Thread.sleep(3_000);
                        return null;
                      }
                      ring.sum(new float[1000]);
                      return null;
                    }));
    assertInstanceOf(SocketTimeoutException.class, failed.getCause());
  }

  @Test
  void endsWhenANeighbourIsGoneOrSendsAnotherLength() {
    for (int other : new int[] {0, 998}) {
      ExecutionException failed =
          assertThrows(
              ExecutionException.class,
              () ->
                  Ranks.each(
                      2,
                      1000,
                      Duration.ofSeconds(2),
                      (rank, ring) -> {
                        if (rank == 1 && other == 0) {
                          ring.close();
                          return null;
                        }
                        ring.sum(new float[rank == 1 ? other : 1000]);
                        return null;
                      }));
      assertInstanceOf(IOException.class, failed.getCause());
    }
  }

  @Test
  void seesThatWeightsDiffer() {
    ExecutionException failed =
        assertThrows(
            ExecutionException.class,
            () ->
                Ranks.each(
                    2,
                    1,
                    Duration.ofSeconds(10),
                    (rank, ring) -> {
                      ring.requireSame(rank);
                      return null;
                    }));
    assertTrue(failed.getCause().getMessage().contains("weights"), failed.getCause().getMessage());
  }

  /// Who does not know the secret, is of another attempt or says nothing is waited past.
  @Test
  void turnsStrangersAway() throws Exception {
    Duration timeout = Duration.ofSeconds(60);
    byte[] secret = {1, 2, 3};
    try (Neighbours zero = new Neighbours(secret, 7, 0, 2, "127.0.0.1", timeout);
        Neighbours one = new Neighbours(secret, 7, 1, 2, "127.0.0.1", timeout);
        Neighbours wrong = new Neighbours(new byte[] {9}, 7, 0, 2, "127.0.0.1", timeout);
        Neighbours old = new Neighbours(secret, 6, 0, 2, "127.0.0.1", timeout)) {
      Future<Ring> last = Ranks.POOL.submit(() -> one.ring(zero.address(), 1));
      String[] address = one.address().split(":");
      try (Socket rubbish = new Socket(address[0], Integer.parseInt(address[1]))) {
        rubbish.getOutputStream().write(new byte[1000]);
      }
      List<Future<Ring>> strangers = new ArrayList<>();
      for (Neighbours each : List.of(wrong, old)) {
        strangers.add(Ranks.POOL.submit(() -> each.ring(one.address(), 1)));
      }
      Thread.sleep(500);
      try (Ring first = zero.ring(one.address(), 1);
          Ring second = last.get()) {
        Future<?> sum =
            Ranks.POOL.submit(() -> {
              float[] two = {2};
              second.sum(two);
              return two[0];
            });
        float[] three = {3};
        first.sum(three);
        assertEquals(5, three[0]);
        assertEquals(5f, sum.get());
      }
      for (Future<Ring> each : strangers) {
        each.cancel(true);
      }
    }
  }
}
