package dae.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What `spark/cluster start` makes: a master and two workers, each a JVM of its own on the
/// loopback interface, and what `spark/cluster submit` starts there.
final class LoopbackCluster {
  /// Of anything that is waited for, on a machine that has other things to do.
  private static final int PATIENCE_SECONDS = 300;

  /// What a command has come to.
  ///
  /// @param err without what Java itself says
  record Ended(int code, String out, List<String> err) {}

  private static final Path SCRIPT = Path.of("spark/cluster").toAbsolutePath();

  private final Path folder;
  private final Process guard;
  private int submitted;

  /// Starts it, or skips the test where that is not possible.
  ///
  /// @param folder for all that it writes
  LoopbackCluster(Path folder) throws Exception {
    this.folder = Files.createDirectories(folder).toRealPath();
    try (ServerSocket _ = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assumeTrue(
          new ProcessBuilder("bash", "-c", "kill -0 $$").start().waitFor() == 0,
          "skipped: bash cannot send signals");
    } catch (IOException e) {
      abort("skipped: no sockets on the loopback interface, or no bash: " + e);
    }
    // Its end of the pipe closes however this JVM ends.
    guard = process("bash", "-c", "read -r _; exec \"$0\" stop", "" + SCRIPT).start();
    try {
      Ended started = await(process("" + SCRIPT, "start"));
      assertEquals(0, started.code, "" + started.err);
    } catch (Throwable e) {
      stop();
      throw e;
    }
  }

  private ProcessBuilder process(String... command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("DAE_CLUSTER", "" + folder);
    builder.environment().put("DAE_CLUSTER_PORT", "0");
    String patient = "--conf spark.scheduler.barrier.maxConcurrentTasksCheck.maxFailures=";
    builder.environment().put("DAE_SUBMIT", patient + PATIENCE_SECONDS);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().keySet().removeIf(name -> name.matches("_?JAVA_.*OPTIONS|SPARK_.*"));
    submitted++;
    return builder.redirectOutput(file("out")).redirectError(file("err"));
  }

  private File file(String ending) {
    return folder.resolve(submitted + "." + ending).toFile();
  }

  private Ended await(ProcessBuilder builder) throws Exception {
    return await(builder.start(), builder.redirectOutput().file(), builder.redirectError().file());
  }

  private static Ended await(Process process, File out, File err) throws Exception {
    try {
      boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      List<String> said =
          Files.readAllLines(err.toPath()).stream()
              .filter(line -> !line.startsWith("WARNING: "))
              .toList();
      return ended
          ? new Ended(process.exitValue(), Files.readString(out.toPath()), said)
          : fail("still running: " + said);
    } finally {
      process.destroyForcibly();
    }
  }

  /// Runs a command on the cluster.
  Ended submit(String... arguments) throws Exception {
    return start(arguments).await();
  }

  /// A driver that runs.
  record Driver(Process process, File out, File err) implements AutoCloseable {
    Ended await() throws Exception {
      return LoopbackCluster.await(process, out, err);
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  Driver start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("" + SCRIPT, "submit"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = process(command.toArray(String[]::new));
    return new Driver(
        builder.start(), builder.redirectOutput().file(), builder.redirectError().file());
  }

  /// JVMs that run tasks: what the workers have started.
  List<ProcessHandle> executors() throws IOException {
    List<ProcessHandle> executors = new ArrayList<>();
    for (int worker = 1; worker <= 2; worker++) {
      String pid = Files.readString(folder.resolve("worker" + worker + ".pid")).strip();
      ProcessHandle.of(Long.parseLong(pid)).orElseThrow().children().forEach(executors::add);
    }
    return executors;
  }

  /// All JVMs that have Spark's classes from here.
  private List<ProcessHandle> all() {
    return ProcessHandle.allProcesses()
        .filter(each -> commandLine(each).contains(folder + "/home/"))
        .toList();
  }

  /// Java's own answer leaves out long ones.
  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", "" + process.pid(), "cmdline"));
    } catch (IOException notLinuxOrGone) {
      return process.info().commandLine().orElse("");
    }
  }

  static void signal(String name, ProcessHandle process) throws Exception {
    ProcessBuilder kill = new ProcessBuilder("bash", "-c", "kill -" + name + " " + process.pid());
    assertEquals(0, kill.start().waitFor(), name + " " + process.info());
  }

  interface Condition {
    boolean holds() throws IOException;
  }

  /// Waits until something is so, as long as a driver runs.
  static void until(String what, Driver driver, Condition so) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!so.holds()) {
      if (driver != null && !driver.process.isAlive()) {
        fail(what + ": not before the driver's end: " + driver.await().err);
      }
      if (System.nanoTime() > end) {
        fail(what + ": not within " + PATIENCE_SECONDS + " s");
      }
      Thread.sleep(20);
    }
  }

  /// Stops it and makes sure that nothing of it is left.
  void stop() throws Exception {
    guard.getOutputStream().close();
    guard.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    try {
      until("the end of " + all(), null, () -> all().isEmpty());
    } finally {
      all().forEach(ProcessHandle::destroyForcibly);
    }
  }
}
