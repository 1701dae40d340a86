package dae.kernel.opencl;

import dae.UserError;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.ArrayList;
import java.util.List;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/// The devices of this machine, asked of their drivers: all of them are loaded into this process.
/// As a program of its own it prints what it found, line by line.
final class Listing {
  private Listing() {}

  /// A device and its driver's handle to it, valid in this process only.
  record Present(Device device, cl_platform_id platform, cl_device_id id) {}

  /// What was found, or why nothing was.
  ///
  /// @param obstacle null where there is a device
  private record Found(List<Present> devices, String obstacle) {}

  public static void main(String[] none) {
    Probe.endWithAsker();
    Found found = find();
    if (found.obstacle != null) {
      Probe.fail(found.obstacle);
    }
    found.devices.forEach(present -> Probe.say(present.device.toLine()));
    Probe.end();
  }

  /// The device in this process.
  ///
  /// @throws UserError if it is no longer there
  static Present open(Device listed) {
    Found found = find();
    return found.devices.stream()
        .filter(present -> present.device.isSame(listed))
        .findFirst()
        .orElseThrow(() ->
            new UserError(
                "opencl: expected %s at %s, got %s — doctor lists the devices again"
                    .formatted(
                        listed.name(),
                        listed.selector(),
                        found.obstacle != null
                            ? found.obstacle
                            : found.devices.stream().map(p -> p.device.name()).toList())));
  }

  private static Found find() {
    if (!hasLoader()) {
      return none("no loader library found");
    }
    // Otherwise JOCL loads whatever lies under a fixed name in the temporary folder.
    System.setProperty("uniqueLibraryNames", "true");
    try {
      CL.setExceptionsEnabled(true);
      List<Present> devices = new ArrayList<>();
      cl_platform_id[] platforms = platforms();
      for (int p = 0; p < platforms.length; p++) {
        devices.addAll(devices(p, platforms[p]));
      }
      return devices.isEmpty() ? none("no device found") : new Found(devices, null);
    } catch (LinkageError e) {
      return none(
          "expected the binding's native part to load, got %s (is the temporary folder mounted noexec? -Djava.io.tmpdir=… names another)"
              .formatted(reason(e)));
    } catch (CLException e) {
      return none("no device found (" + e.getMessage() + ")");
    }
  }

  private static Found none(String why) {
    return new Found(List.of(), why);
  }

  /// JOCL puts the stack traces of two attempts into one message; the last of them, to load what it
  /// has unpacked, says why.
  static String reason(Throwable e) {
    return String.valueOf(e.getMessage())
        .lines()
        .filter(line -> line.matches("[\\w.]+(Error|Exception): .*"))
        .reduce((first, last) -> last)
        // Both the JVM and the linker begin with the file's name.
        .map(line -> line.replaceFirst("^[\\w.]+: ", "").replaceFirst("^(.+): \\1: ", "$1: "))
        .orElse("" + e);
  }

  /// Asked first, because JOCL's native part complains on stderr itself where there is none.
  @SuppressWarnings("restricted")
  private static boolean hasLoader() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return true;
    }
    for (String name : List.of("libOpenCL.so.1", "libOpenCL.so")) {
      try (Arena arena = Arena.ofConfined()) {
        SymbolLookup.libraryLookup(name, arena);
        return true;
      } catch (IllegalArgumentException missing) {
        continue;
      }
    }
    return false;
  }

  private static cl_platform_id[] platforms() {
    int[] count = new int[1];
    CL.clGetPlatformIDs(0, null, count);
    cl_platform_id[] platforms = new cl_platform_id[count[0]];
    CL.clGetPlatformIDs(platforms.length, platforms, null);
    return platforms;
  }

  /// A platform without devices, or with a broken driver, must not hide the others.
  private static List<Present> devices(int number, cl_platform_id platform) {
    List<Present> devices = new ArrayList<>();
    try {
      int[] count = new int[1];
      CL.clGetDeviceIDs(platform, CL.CL_DEVICE_TYPE_ALL, 0, null, count);
      cl_device_id[] ids = new cl_device_id[count[0]];
      CL.clGetDeviceIDs(platform, CL.CL_DEVICE_TYPE_ALL, ids.length, ids, null);
      for (int d = 0; d < ids.length; d++) {
        devices.add(new Present(Device.of(number + "." + d, ids[d]), platform, ids[d]));
      }
    } catch (CLException broken) {
      return devices;
    }
    return devices;
  }
}
