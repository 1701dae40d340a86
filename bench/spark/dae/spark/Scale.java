package dae.spark;

import dae.backend.Backends;
import dae.graph.Parameters;
import dae.graph.Plan;
import dae.kernel.Backend;
import dae.model.Denoising;
import dae.model.Loss;
import dae.model.Networks;
import dae.noise.Noises;
import dae.optim.Adam;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// How far the article's network scales, on paper from measured parts. `measure FILE` times a
/// training step of each worker's share of a batch, and the ring of two ranks on the loopback
/// interface for vectors of many lengths; `table FILE` puts both together.
public final class Scale {
  private static final int BATCH = 128;
  private static final int SIDE = 32;
  private static final int[] WORKERS = {1, 2, 4, 8, 16, 32, 64};
  private static final int[] GIGABITS = {1, 10, 100};

  /// Floats of a vector: from one whose time is that of a message to one that no cache holds.
  private static final int[] LENGTHS = {2, 1 << 10, 1 << 14, 1 << 18, 1 << 20, 1 << 22, 1 << 24};

  /// What a message waits for, besides, where a switch is between two machines. An assumption.
  private static final double SWITCH_US = 50;

  private static final int WARM_ROUNDS = 3;
  private static final int ROUNDS = 9;

  /// The article's network with its optimiser, on one thread.
  private static final class Training implements AutoCloseable {
    final Backend backend = Backends.open("simd", 1);
    final Denoising model =
        Denoising.training(
            Networks.named(Networks.DEFAULT),
            Noises.named(Noises.DEFAULT),
            Loss.MEAN_SQUARED_ERROR,
            SIDE,
            SIDE);
    final Parameters parameters = new Parameters(model.graph().params(), backend, 1);
    final Adam adam = new Adam(parameters, backend);
    final Plan plan;
    final int images;

    Training(int images) {
      this.images = images;
      plan = model.training(backend, images).open(parameters);
      byte[] pixels = new byte[images * SIDE * SIDE * 3];
      new Random(1).nextBytes(pixels);
      model.feed(plan, pixels, null, new int[images], 1, 0);
    }

    int exchanged() {
      return RingExchange.length(parameters);
    }

    void step() {
      plan.forward(images);
      plan.backward();
      adam.step(1e-3, 0, plan.tensor(model.loss()));
    }

    void exchange(RingExchange with) {
      with.sum(parameters.gradients(), parameters.statistics(), plan.tensor(model.loss()), images);
    }

    @Override
    public void close() {
      plan.close();
      backend.close();
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  /// @return µs
  private interface Side {
    double run(int rank, Ring ring) throws IOException;
  }

  private Scale() {}

  /// @param args `measure FILE` or `table FILE`
  public static void main(String[] args) throws Exception {
    if (args.length != 2 || !args[0].equals("measure") && !args[0].equals("table")) {
      System.err.println(
          "scale: expected measure FILE or table FILE, got " + String.join(" ", args));
      System.exit(2);
    }
    if (args[0].equals("measure")) {
      measure(Path.of(args[1]));
    } else {
      table(Path.of(args[1]));
    }
    System.exit(0);
  }

  /// The median of some rounds of so many calls, after some more.
  private static double micros(int calls, Work work) throws IOException {
    double[] rounds = new double[ROUNDS];
    for (int r = -WARM_ROUNDS; r < ROUNDS; r++) {
      long begin = System.nanoTime();
      for (int i = 0; i < calls; i++) {
        work.run();
      }
      rounds[Math.max(r, 0)] = (System.nanoTime() - begin) / 1e3 / calls;
    }
    Arrays.sort(rounds);
    return rounds[ROUNDS / 2];
  }

  private static void measure(Path file) throws Exception {
    List<String> rows = new ArrayList<>(List.of("what,size,us"));
    int exchanged = 0;
    for (int workers : WORKERS) {
      try (Training training = new Training(BATCH / workers)) {
        exchanged = training.exchanged();
        double step = micros(2 * workers, training::step);
        add(rows, "step", training.images, step);
      }
    }
    int[] lengths = Arrays.copyOf(LENGTHS, LENGTHS.length + 1);
    lengths[LENGTHS.length] = exchanged;
    for (int length : lengths) {
      int calls = Math.clamp((1 << 26) / length, 4, 5_000);
      float[][] vectors = new float[2][length];
      double sum = two(length, (rank, ring) -> micros(calls, () -> ring.sum(vectors[rank])));
      add(rows, "ring", length, sum);
    }
    double exchange =
        two(
            exchanged,
            (rank, ring) -> {
              try (Training training = new Training(1)) {
                RingExchange with = new RingExchange(training.backend);
                with.join(ring);
                return micros(20, () -> training.exchange(with));
              }
            });
    add(rows, "exchange", exchanged, exchange);
    Files.write(file, rows);
  }

  private static void add(List<String> rows, String what, int size, double micros) {
    rows.add("%s,%d,%.1f".formatted(what, size, micros));
    System.err.println(rows.getLast());
  }

  /// Two ranks, each a thread, which do the same.
  private static double two(int most, Side side) throws Exception {
    Duration timeout = Duration.ofMinutes(1);
    byte[] secret = {1};
    try (ExecutorService threads = Executors.newFixedThreadPool(2);
        Neighbours zero = new Neighbours(secret, 0, 0, 2, "127.0.0.1", timeout);
        Neighbours one = new Neighbours(secret, 0, 1, 2, "127.0.0.1", timeout)) {
      List<Future<Double>> both = new ArrayList<>();
      for (int r = 0; r < 2; r++) {
        int rank = r;
        both.add(
            threads.submit(() -> {
              Neighbours mine = rank == 0 ? zero : one;
              try (Ring ring = mine.ring((rank == 0 ? one : zero).address(), most)) {
                return side.run(rank, ring);
              }
            }));
      }
      return Math.max(both.get(0).get(), both.get(1).get());
    }
  }

  /// With V bytes and N workers, an exchange is 2·(N − 1) messages of V/N bytes, one after the
  /// other, and what a step does around them (γ: to and from the backend, weighing, dividing). A
  /// message costs what it does on the loopback interface, α + bytes·β, and then its time on the
  /// wire and in the switch, as if nothing of that went on at the same time. No gradient is sent
  /// before the last is there, so all of it is exposed.
  private static void table(Path file) throws IOException {
    Map<Integer, Double> steps = new TreeMap<>();
    Map<Integer, Double> rings = new TreeMap<>();
    int floats = 0;
    double exchange = 0;
    for (String row : Files.readAllLines(file)) {
      String[] columns = row.split(",");
      switch (columns[0]) {
        case "step" -> steps.put(Integer.parseInt(columns[1]), Double.parseDouble(columns[2]));
        case "ring" -> rings.put(Integer.parseInt(columns[1]), Double.parseDouble(columns[2]));
        case "exchange" -> {
          floats = Integer.parseInt(columns[1]);
          exchange = Double.parseDouble(columns[2]);
        }
        default -> {}
      }
    }
    System.out.println("| floats | two ranks, ms | MB/s, each way |\n|---:|---:|---:|");
    rings.forEach((length, micros) ->
        System.out.printf("| %,d | %.3f | %.0f |%n", length, micros / 1e3, 4.0 * length / micros));
    double bytes = 4.0 * floats;
    double alpha = rings.get(LENGTHS[0]) / 2;
    double beta = (rings.get(floats) - 2 * alpha) / bytes;
    double gamma = exchange - rings.get(floats);
    System.out.printf(
        "%nα = %.1f µs, β = %.3f ns/byte, γ = %.2f ms; %,d floats%n%n",
        alpha, beta * 1e3, gamma / 1e3, floats);
    System.out.print("| workers | images each | compute, ms |");
    for (int gigabits : GIGABITS) {
      System.out.printf(" %d Gb/s: exchange | step, ms | times as fast |", gigabits);
    }
    System.out.println("\n|---:|---:|---:|" + "---:|---:|---:|".repeat(GIGABITS.length));
    double alone = steps.get(BATCH);
    int[] best = new int[GIGABITS.length];
    double[] least = new double[GIGABITS.length];
    Arrays.fill(least, Double.MAX_VALUE);
    for (int workers : WORKERS) {
      double compute = steps.get(BATCH / workers);
      System.out.printf("| %d | %d | %.1f |", workers, BATCH / workers, compute / 1e3);
      for (int i = 0; i < GIGABITS.length; i++) {
        double message = alpha + SWITCH_US + bytes / workers * (beta + 8 / (GIGABITS[i] * 1e3));
        double exposed = workers == 1 ? 0 : gamma + 2 * (workers - 1) * message;
        double step = compute + exposed;
        if (step < least[i]) {
          least[i] = step;
          best[i] = workers;
        }
        System.out.printf(" %.1f | %.1f | %.2f |", exposed / 1e3, step / 1e3, alone / step);
      }
      System.out.println();
    }
    System.out.println();
    for (int i = 0; i < GIGABITS.length; i++) {
      System.out.printf(
          "%d Gb/s: gains up to %d workers, %.1f times as fast%n",
          GIGABITS[i], best[i], alone / least[i]);
    }
  }
}
