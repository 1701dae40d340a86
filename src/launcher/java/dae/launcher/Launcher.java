package dae.launcher;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Runs the engine in this JVM if it can, else in a second JVM that can.
public final class Launcher {
  private static final int WRONG_INPUT = 2;
  private static final String MAIN = "dae.cli.Main";

  private static final List<String> ACCESS =
      Collections.unmodifiableList(
          Arrays.asList(
              "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"));

  /// Vectors are heap objects until C2 has compiled the kernels, close to a gigabyte of garbage for
  /// one of them. A small young generation keeps that garbage in the cache instead of walking
  /// through memory, and no other collector stays as small (bench/NOTES.md). Training allocates its
  /// arrays once, so a bigger collector gains nothing; the arrays may fill most of the machine,
  /// hence the percentage. Outside the heap C2 takes 90 MiB for one kernel; glibc keeps them unless
  /// it is trimmed. Other C libraries cannot be trimmed, and nobody needs a warning about that.
  private static final List<String> MEMORY =
      Collections.unmodifiableList(
          Arrays.asList(
              "-XX:+UseSerialGC",
              "-Xmn16m",
              "-XX:MaxRAMPercentage=70",
              "-XX:TrimNativeHeapInterval=1000",
              "-Xlog:trimnative=off"));

  /// A kernel that waits for the compiler is late by milliseconds; interpreted meanwhile, it is a
  /// hundred times slower and keeps the compiler busy with the internals of the Vector API, which
  /// are worthless as soon as they are inlined. So kernels wait, and are compiled after a tenth of
  /// the usual invocations, everything else after three times as many: the compiler has enough to
  /// do, and most of what runs at the start runs once. Not so for everything (`-Xbatch`): that
  /// delays the program itself, and what prepares a shape (`PixelClasses`) runs once.
  ///
  /// A busy C2 has C1 compile without profiles (tier 2). Where such a method is then compiled into
  /// its caller, C2 takes its calls for rare and leaves them calls, so that every vector that they
  /// pass is an object, for good: a layer ran at a quarter of its speed in one plain start of eight
  /// (bench/NOTES.md). So C1 always profiles.
  ///
  /// C2 inlines a block's transform wherever it is called, and takes some 50 ms for each copy:
  /// those that take far longer to run than to call stay calls.
  private static final List<String> WARM_UP =
      Collections.unmodifiableList(
          Arrays.asList(
              "-XX:CompileThresholdScaling=3",
              "-XX:Tier3DelayOn=1000",
              "-XX:CompileCommand=quiet",
              "-XX:CompileCommand=BackgroundCompilation,dae.kernel.simd.*::*,false",
              "-XX:CompileCommand=BackgroundCompilation,dae.kernel.simd.PixelClasses*::*,true",
              "-XX:CompileCommand=CompileThresholdScaling,dae.kernel.simd.*::*,0.03",
              "-XX:CompileCommand=dontinline,dae.kernel.simd.Winograd4::ofX",
              "-XX:CompileCommand=dontinline,dae.kernel.simd.Winograd4::ofLaidOut",
              "-XX:CompileCommand=dontinline,dae.kernel.simd.Winograd4Image::ofThree",
              "-XX:CompileCommand=dontinline,dae.kernel.simd.Winograd4Image::columns",
              "-XX:CompileCommand=dontinline,dae.kernel.simd.PixelShuffle::ofX"));

  /// Objects start at cache lines, and so do the tensors' pixels (`SimdBackend.origin`): some 4 %
  /// of a training with 512-bit vectors. The JDK's archive of its own classes does not fit such
  /// objects; to load them one by one takes a tenth of the time in which a small picture is
  /// cleaned, so `denoise` goes without (bench/NOTES.md).
  private static final String ALIGNMENT = "-XX:ObjectAlignmentInBytes=64";

  /// Two threads for C2 beside one for C1, which is what the JDK takes for four processors: a small
  /// picture mostly waits for C2, and most of it is computed before there is more to do for a
  /// second processor (bench/NOTES.md). A training would pay with memory.
  private static final String COMPILERS = "-XX:CICompilerCount=3";

  /// Any of these means that the user has chosen, and two collectors on one command line are an
  /// error.
  private static final Pattern OWN_MEMORY =
      Pattern.compile("-XX:\\+Use\\w*GC\\b|-Xmn\\w|-XX:(Max)?NewSize|-XX:NewRatio");

  private static final Pattern BACKEND_WITHOUT_DRIVER =
      Pattern.compile("^--backend[=\n](simd|scalar)$", Pattern.MULTILINE);

  private static final Pattern OPTION_NAME = Pattern.compile("^-XX:[+-]?(\\w+)");

  /// Left to this JVM alone: a debugger's port, for one, cannot be opened twice.
  private static final Pattern NOT_CARRIED =
      Pattern.compile("(-javaagent|-agentlib|-agentpath|-Xrun|-Xdebug).*");

  private Launcher() {}

  public static void main(String[] args) throws Exception {
    if (canRunHere()) {
      Jdk here = Jdk.running();
      if (here != null && !here.isSafeForNatives()) {
        System.err.println(here.warning());
        System.setProperty("dae.opencl", "off");
      }
      Class.forName(MAIN).getMethod("main", String[].class).invoke(null, (Object) args);
      return;
    }
    Jdk jdk = Jdk.best();
    if (jdk == null) {
      System.err.println(
          "dae-engine: expected a JDK 25.0.3 or newer, got Java "
              + System.getProperty("java.version")
              + " and found no other — install one, for instance from https://adoptium.net,"
              + " or set JAVA_HOME to it");
      System.exit(WRONG_INPUT);
    }
    if (!jdk.isSafeForNatives()) {
      System.err.println(jdk.warning());
    }
    try {
      String preloaded = jdk.isSafeForNatives() && mayUseOpenCl(args) ? jdk.signalChaining() : null;
      System.exit(new Relay().run(command(jdk, jvm(), args), preloaded));
    } catch (IOException e) {
      System.err.println(
          "dae-engine: expected a JDK that starts, got "
              + e.getMessage()
              + " — set JAVA_HOME to a JDK 25.0.3 or newer for this machine");
      System.exit(WRONG_INPUT);
    }
  }

  private static boolean canRunHere() {
    try {
      Class.forName("jdk.incubator.vector.FloatVector", false, Launcher.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      return false;
    }
    return Double.parseDouble(System.getProperty("java.specification.version")) >= Jdk.REQUIRED;
  }

  /// An OpenCL driver brings a compiler along, which takes over signals that the JVM relies on: its
  /// null checks are SIGSEGVs. What is preloaded against that (`Jdk.signalChaining`) costs nothing,
  /// but whoever has no use for it should not have it.
  private static boolean mayUseOpenCl(String[] args) {
    return !BACKEND_WITHOUT_DRIVER.matcher(String.join("\n", args)).find();
  }

  /// This JVM. Before Java 18 its class cannot load in a folder whose name the locale cannot write.
  private static RuntimeMXBean jvm() {
    try {
      return ManagementFactory.getRuntimeMXBean();
    } catch (ExceptionInInitializerError e) {
      System.err.println(
          "dae-engine: expected a locale that can write the current folder's name, got "
              + System.getProperty("sun.jnu.encoding")
              + " — set LC_ALL=C.UTF-8");
      System.exit(WRONG_INPUT);
      throw e;
    }
  }

  private static List<String> command(Jdk jdk, RuntimeMXBean jvm, String[] args)
      throws IOException {
    // These reach the new JVM by themselves; given twice they could clash.
    String inherited =
        (System.getenv("JAVA_TOOL_OPTIONS")
                + " "
                + System.getenv("JDK_JAVA_OPTIONS")
                + " "
                + System.getenv("_JAVA_OPTIONS"))
            .replaceAll("[\"']", "")
            .replaceAll("\\s", " ");
    List<String> carried = new ArrayList<>();
    for (String option : jvm.getInputArguments()) {
      if (!(" " + inherited + " ").contains(" " + option + " ")
          && !NOT_CARRIED.matcher(option).matches()) {
        carried.add(option);
      }
    }

    // This JVM also lists what stands in files that the environment names.
    String given = inherited + " " + jvm.getInputArguments();
    List<String> own = new ArrayList<>(WARM_UP);
    if (args.length == 0 || !args[0].equals("denoise")) {
      own.add(ALIGNMENT);
    } else if (mayCompileMore(Runtime.getRuntime().availableProcessors())) {
      own.add(COMPILERS);
    }
    if (!OWN_MEMORY.matcher(given).find()) {
      own.addAll(MEMORY);
      if (offersHugePages()) {
        own.add("-XX:+UseTransparentHugePages");
      }
    }
    own.removeIf(option -> sets(given, option));

    List<String> command = new ArrayList<>();
    command.add(jdk.java());
    command.addAll(ACCESS);
    command.addAll(own);
    command.addAll(carried);
    command.add("-Ddae.launcher.pid=" + jvm.getName().replaceFirst("@.*", ""));
    if (!jdk.isSafeForNatives()) {
      command.add("-Ddae.opencl=off");
    }
    boolean lost = Letters.isPoor() && Letters.areLost(args);
    if (lost) {
      command.add(Letters.ENCODED);
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(MAIN);
    if (lost) {
      Letters.addEncoded(args.length, command);
    } else {
      command.addAll(Arrays.asList(args));
    }
    return command;
  }

  /// Whether the JDK would take fewer threads to compile, and a processor is there for one more.
  private static boolean mayCompileMore(int processors) {
    return processors == 2 || processors == 3;
  }

  /// Whether options of the user's set what one of ours sets. Theirs must win, but a command line
  /// is read after `JAVA_TOOL_OPTIONS` and `JDK_JAVA_OPTIONS`. Compile commands add up.
  private static boolean sets(String given, String own) {
    Matcher name = OPTION_NAME.matcher(own);
    return name.find()
        && !name.group(1).equals("CompileCommand")
        && Pattern.compile("-XX:[+-]?" + name.group(1) + "\\b").matcher(given).find();
  }

  /// Whether Linux gives pages of 2 MiB to those who ask: a training step walks through 200 MB of
  /// memory (bench/NOTES.md). Where it does not, the flag would only bring a warning.
  private static boolean offersHugePages() {
    try {
      Path setting = Paths.get("/sys/kernel/mm/transparent_hugepage/enabled");
      return !new String(Files.readAllBytes(setting), StandardCharsets.US_ASCII)
          .contains("[never]");
    } catch (IOException e) {
      return false;
    }
  }
}
