package dae.kernel.opencl;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What can be known about the drivers of this machine by looking at files, without loading one.
final class Drivers {
  private static final boolean LINUX = System.getProperty("os.name").equals("Linux");

  /// Where loaders look for the files that name a driver's library: by the specification, on NixOS,
  /// on BSD's layout.
  private static final List<String> FOLDERS =
      List.of(
          "/etc/OpenCL/vendors",
          "/run/opengl-driver/etc/OpenCL/vendors",
          "/usr/local/etc/OpenCL/vendors");

  /// Variables that send a loader to other drivers, or show a driver other devices.
  private static final Pattern VARIABLES =
      Pattern.compile(
          "(OCL|OPENCL|POCL|CUDA|NVIDIA|ROCR|HIP|HSA|GPU|AMD|ZE|NEO|ONEAPI|RUSTICL|MESA|DRI|CONDA)_.*"
              + "|LD_LIBRARY_PATH");

  private Drivers() {}

  /// Whether a driver is installed where one usually is. Systems other than Linux are assumed to
  /// have one.
  static boolean installed() {
    return !LINUX || !files().isEmpty();
  }

  /// Changes when the answer may: a driver, the loader or the linker's cache was replaced, a device
  /// came or went, the machine was restarted or is another one.
  static String stamp() {
    List<String> parts = new ArrayList<>();
    variables().forEach((name, value) -> parts.add(name + "=" + value));
    parts.add(System.getProperty("os.name") + System.getProperty("os.version"));
    parts.add(text(Path.of("/proc/sys/kernel/random/boot_id")));
    parts.add(age(Path.of("/etc/ld.so.cache")));
    parts.add(age(Path.of(System.getenv().getOrDefault("SystemRoot", ""), "System32/OpenCL.dll")));
    files().forEach(file -> parts.add(age(file) + text(file)));
    List.of("/dev", "/dev/dri").forEach(folder -> parts.add("" + deviceNodes(Path.of(folder))));
    return ProgramCache.key(parts.toArray(String[]::new));
  }

  private static Map<String, String> variables() {
    Map<String, String> variables = new TreeMap<>(System.getenv());
    variables.keySet().removeIf(name -> !VARIABLES.matcher(name).matches());
    return variables;
  }

  /// The files that name drivers. A variable may give a folder, such a file or a library.
  private static List<Path> files() {
    List<Path> files = new ArrayList<>();
    Stream<String> given =
        Stream.of("OCL_ICD_VENDORS", "OPENCL_VENDOR_PATH", "OCL_ICD_FILENAMES")
            .map(System.getenv()::get)
            .filter(value -> value != null && !value.isEmpty())
            .flatMap(value -> Stream.of(value.split(File.pathSeparator)));
    String conda = System.getenv("CONDA_PREFIX");
    Stream<String> condas = conda == null ? Stream.of() : Stream.of(conda + FOLDERS.getFirst());
    Stream.concat(given, Stream.concat(condas, FOLDERS.stream()))
        .map(Path::of)
        .forEach(place -> {
          if (Files.isDirectory(place)) {
            files.addAll(list(place, "*"));
          } else if (Files.exists(place)) {
            files.add(place);
          }
        });
    return files;
  }

  private static List<Path> deviceNodes(Path folder) {
    return list(folder, "{nvidia*,kfd,dxg,mali*,card*,render*}");
  }

  private static List<Path> list(Path folder, String names) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, names)) {
      files.forEach(found::add);
    } catch (IOException | DirectoryIteratorException unreadable) {
      return List.of();
    }
    return found.stream().sorted().toList();
  }

  /// A file's place, size and time; its place alone where there is none.
  static String age(Path file) {
    try {
      return file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file);
    } catch (IOException missing) {
      return file.toString();
    }
  }

  /// A small text; empty where there is none.
  private static String text(Path file) {
    try {
      return Files.size(file) > 4096 ? "" : new String(Files.readAllBytes(file));
    } catch (IOException unreadable) {
      return "";
    }
  }
}
