package dae.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dae.launcher.Jar.Ended;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Ctrl-C, kill and closed terminals. A Python script plays the user, since Java can neither open a
/// terminal nor send SIGINT.
class SignalIT {
  @TempDir static Path folder;
  private static Path standIn;
  private static Path user;

  @BeforeAll
  static void prepare() throws IOException {
    standIn = Jar.compileStandIn(folder.resolve("standin"));
    user = folder.resolve("terminal.py");
    try (var in = SignalIT.class.getResourceAsStream("/launcher/terminal.py")) {
      Files.copy(in, user, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /// Plays the steps, and checks that the engine is gone when the launcher is.
  private static Ended play(String how, List<String> steps, String... args) throws Exception {
    assumeTrue(hasPython(), "skipped: no python3 to play the user at a terminal");
    assumeTrue(Files.exists(Path.of("/proc/self")), "skipped: no /proc to see processes in");
    List<String> command = new ArrayList<>(List.of("python3", user.toString(), how));
    command.addAll(steps);
    command.add("--");
    command.addAll(Jar.standIn(standIn, Jar.JAVA, List.of(), args));
    Ended ended = Jar.run(command);
    assertEquals(0, ended.exitCode(), ended.err());
    assertTrue(ended.out().contains("orphan=False"), ended.out());
    return ended;
  }

  private static boolean hasPython() throws InterruptedException {
    try {
      return new ProcessBuilder("python3", "-c", "import pty").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void theTerminalStaysATerminal() throws Exception {
    assertTrue(play("pty", List.of(), "jvm").out().contains("terminal true"));
    assertTrue(play("pipe", List.of(), "jvm").out().contains("terminal false"));
  }

  @Test
  void ctrlCReachesTheEngineOnceAndIsWaitedFor() throws Exception {
    String out = play("pty", List.of("wait=ready", "key=C"), "work", "700").out();
    assertTrue(out.contains("saved"), out);
    assertEquals(2, out.split("stopping", -1).length, out);
    assertTrue(out.contains("exit=130"), out);
  }

  @Test
  void aSecondCtrlCStopsAtOnce() throws Exception {
    List<String> steps = List.of("wait=ready", "key=C", "wait=stopping", "pause=0.5", "key=C");
    String out = play("pty", steps, "work", "30000").out();
    assertFalse(out.contains("saved"), out);
    assertTrue(out.contains("exit=130"), out);
  }

  @Test
  void ctrlCEndsACommandThatHasNothingToSave() throws Exception {
    String out = play("pty", List.of("wait=ready", "key=C"), "sleep").out();
    assertTrue(out.contains("exit=130"), out);
  }

  @Test
  void killIntOfTheLauncherAloneReachesTheEngine() throws Exception {
    String out = play("pipe", List.of("wait=ready", "kill=INT"), "work", "500").out();
    assertTrue(out.contains("saved"), out);
    assertTrue(out.contains("exit=130"), out);
  }

  @Test
  void aSecondKillIntOfTheLauncherStopsAtOnce() throws Exception {
    List<String> steps =
        List.of("wait=ready", "kill=INT", "wait=stopping", "pause=0.5", "kill=INT");
    String out = play("pipe", steps, "work", "30000").out();
    assertFalse(out.contains("saved"), out);
    assertTrue(out.contains("exit=130"), out);
  }

  @Test
  void aSignalToTheWholeGroupIsOneRequest() throws Exception {
    for (String signal : List.of("INT", "TERM", "HUP")) {
      List<String> steps = List.of("wait=ready", "kill=" + signal, "group=" + signal);
      String out = play("pipe", steps, "work", "700").out();
      assertTrue(out.contains("saved"), out);
      int exitCode = signal.equals("INT") ? 130 : signal.equals("TERM") ? 143 : 129;
      assertTrue(out.contains("exit=" + exitCode), out);
    }
  }

  @Test
  void aRepeatedTermDoesNotCutTheSavingShort() throws Exception {
    List<String> steps =
        List.of("wait=ready", "kill=TERM", "wait=stopping", "pause=0.4", "kill=TERM");
    String out = play("pipe", steps, "work", "1000").out();
    assertTrue(out.contains("saved"), out);
    assertTrue(out.contains("exit=143"), out);
  }

  @Test
  void aCrashOnTheWayOutKeepsItsCode() throws Exception {
    for (String signal : List.of("INT", "TERM")) {
      String out = play("pipe", List.of("wait=ready", "kill=" + signal), "crash").out();
      assertTrue(out.contains("exit=139"), out);
    }
  }

  @Test
  void anIgnoredInterruptStaysIgnored() throws Exception {
    List<String> steps =
        List.of("ignore=INT", "wait=ready", "group=INT", "pause=0.5", "group=TERM");
    String out = play("pipe", steps, "work", "100").out();
    assertTrue(out.contains("exit=143"), out);
  }

  @Test
  void killedLauncherTakesTheEngineWithIt() throws Exception {
    // Not reaped before the engine has ended: a zombie must not pass for a launcher.
    List<String> steps = List.of("wait=ready", "kill=KILL", "gone=2");
    String out = play("pipe", steps, "work", "30000").out();
    assertTrue(out.contains("exit=-9"), out);
  }

  @Test
  void programWhoseLauncherIsGoneBeforeItLooksEnds() throws Exception {
    String jar = Jar.PATH.toString();
    List<String> command = List.of(Jar.JAVA, "-cp", jar, "dae.cli.Main", "--version");
    assertEquals(0, Jar.run(command).exitCode());
    List<String> orphan = new ArrayList<>(command);
    orphan.add(1, "-Ddae.launcher.pid=1");
    Ended ended = Jar.run(orphan);
    assertEquals(137, ended.exitCode());
    assertEquals("", ended.out());
  }

  @Test
  void killedEngineEndsTheLauncher() throws Exception {
    Process launcher = Jar.process(Jar.standIn(standIn, Jar.JAVA, List.of(), "sleep")).start();
    engine(launcher).destroyForcibly();
    assertTrue(launcher.waitFor(10, TimeUnit.SECONDS));
    assertEquals(137, launcher.exitValue());
  }

  private static ProcessHandle engine(Process launcher) throws IOException {
    BufferedReader out = launcher.inputReader();
    long pid = Long.parseLong(out.readLine().replace("ready ", ""));
    assertTrue(pid != launcher.pid(), "relaunched");
    return ProcessHandle.of(pid).orElseThrow();
  }
}
