package dae.launcher;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;

/// An installed JDK that has the Vector API, known by the `release` file in its folder.
final class Jdk {
  static final int REQUIRED = 25;

  private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");

  /// Where JDKs are installed, one per subfolder. `-Ddae.jdks=FOLDER[:FOLDER…]` replaces the list.
  private static final String[] FOLDERS = {
    "/usr/lib/jvm",
    "/usr/lib64/jvm",
    "/usr/java",
    "/opt/java",
    "/opt/homebrew/opt",
    "/usr/local/opt",
    "/Library/Java/JavaVirtualMachines",
    "~/Library/Java/JavaVirtualMachines",
    "~/.sdkman/candidates/java",
    "~/.jdks",
    "C:\\Program Files\\Java",
    "C:\\Program Files\\Eclipse Adoptium",
    "C:\\Program Files\\Microsoft",
    "C:\\Program Files\\Amazon Corretto",
    "C:\\Program Files\\Zulu",
    "C:\\Program Files\\BellSoft"
  };

  /// Where the JDK lies within such a subfolder: directly, in a macOS bundle, in a Homebrew
  /// package.
  private static final String[] LAYOUTS = {
    "", "Contents/Home", "libexec/openjdk.jdk/Contents/Home"
  };

  private final File home;
  private final String version;
  private final int feature;
  private final int interim;
  private final int update;

  private Jdk(File home, String version) {
    this.home = home;
    this.version = version;
    String[] parts = version.split("[^0-9]+");
    feature = number(parts, 0);
    interim = number(parts, 1);
    update = number(parts, 2);
  }

  private static int number(String[] parts, int i) {
    return i < parts.length && !parts[i].isEmpty() ? Integer.parseInt(parts[i]) : 0;
  }

  /// The JDK of this JVM, or null where it is too old or has no Vector API.
  static Jdk running() {
    return in(new File(System.getProperty("java.home")));
  }

  /// The first JDK ≥ 25.0.3 in this order: this JVM's own, JAVA_HOME, `java` on the PATH, the usual
  /// folders; else the first ≥ 25; else null. In a folder the lowest version comes first: what the
  /// engine was made for, rather than what came later.
  static Jdk best() {
    List<Jdk> found = new ArrayList<>();
    found.add(running());
    if (System.getenv("JAVA_HOME") != null) {
      found.add(in(new File(System.getenv("JAVA_HOME"))));
    }
    found.addAll(onPath());
    found.addAll(installed());
    Jdk best = null;
    for (Jdk jdk : found) {
      if (jdk != null && (best == null || !best.isSafeForNatives() && jdk.isSafeForNatives())) {
        best = jdk;
      }
    }
    return best;
  }

  private static List<Jdk> onPath() {
    List<Jdk> found = new ArrayList<>();
    String path = System.getenv("PATH") == null ? "" : System.getenv("PATH");
    for (String folder : path.split(File.pathSeparator)) {
      try {
        File java = new File(folder, executable()).getCanonicalFile();
        if (java.isFile()) {
          found.add(in(java.getParentFile().getParentFile()));
        }
      } catch (IOException unreadable) {
        continue;
      }
    }
    return found;
  }

  private static List<Jdk> installed() {
    String chosen = System.getProperty("dae.jdks");
    List<Jdk> found = new ArrayList<>();
    for (String folder : chosen == null ? FOLDERS : chosen.split(File.pathSeparator)) {
      File parent = new File(folder.replaceFirst("^~", System.getProperty("user.home")));
      File[] homes = parent.listFiles();
      if (homes == null) {
        continue;
      }
      Arrays.sort(homes);
      for (File home : homes) {
        for (String layout : LAYOUTS) {
          found.add(in(new File(home, layout)));
        }
      }
    }
    found.removeIf(jdk -> jdk == null);
    found.sort((a, b) -> a.feature - b.feature);
    return found;
  }

  private static Jdk in(File home) {
    if (!new File(new File(home, "bin"), executable()).isFile()) {
      return null;
    }
    Properties release = new Properties();
    try (InputStream in = new FileInputStream(new File(home, "release"))) {
      release.load(in);
    } catch (IOException | IllegalArgumentException unreadable) {
      return null;
    }
    Jdk jdk = new Jdk(home, release.getProperty("JAVA_VERSION", "").replace("\"", ""));
    boolean vectors = release.getProperty("MODULES", "").contains("jdk.incubator.vector");
    return jdk.feature >= REQUIRED && vectors ? jdk : null;
  }

  private static String executable() {
    return WINDOWS ? "java.exe" : "java";
  }

  String java() {
    return new File(new File(home, "bin"), executable()).getPath();
  }

  /// The library that lets this JDK's JVM and native code handle the same signals; null where the
  /// system's linker, which loads it, is not Linux's. It is one folder deeper in some JDKs.
  String signalChaining() {
    if (System.getProperty("os.name").equals("Linux")) {
      for (String folder : new String[] {"lib", "lib/server"}) {
        File library = new File(new File(home, folder), "libjsig.so");
        // To the linker a colon or a blank ends a name.
        if (library.isFile() && !library.getPath().matches(".*[: ].*")) {
          return library.getPath();
        }
      }
    }
    return null;
  }

  /// Whether arrays that native code has pinned stay where they are: not so before 25.0.3,
  /// JDK-8377811.
  boolean isSafeForNatives() {
    return feature > 25 || interim > 0 || update >= 3;
  }

  String warning() {
    return "dae-engine: Java "
        + version
        + " can corrupt memory under native code (JDK-8377811), so OpenCL is off — install 25.0.3"
        + " or newer";
  }
}
