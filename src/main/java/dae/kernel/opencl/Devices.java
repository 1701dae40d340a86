package dae.kernel.opencl;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/// The OpenCL devices of this machine.
public final class Devices {
  private Devices() {}

  /// One line for each device, or one that says why there is none.
  public static List<String> describe() {
    if ("off".equals(System.getProperty("dae.opencl"))) {
      return List.of("off: this Java can corrupt memory under native code");
    }
    if (!hasLoader()) {
      return List.of("no loader library found");
    }
    // Otherwise JOCL loads whatever lies under a fixed name in the temporary folder.
    System.setProperty("uniqueLibraryNames", "true");
    try {
      CL.setExceptionsEnabled(true);
      List<String> lines = new ArrayList<>();
      for (cl_platform_id platform : platforms()) {
        for (cl_device_id device : devices(platform)) {
          lines.add(text(device, CL.CL_DEVICE_NAME) + ", " + text(device, CL.CL_DEVICE_VERSION));
        }
      }
      return lines.isEmpty() ? List.of("no device found") : lines;
    } catch (LinkageError e) {
      return List.of("no loader library found");
    } catch (CLException e) {
      return List.of("no device found (" + e.getMessage() + ")");
    }
  }

  /// Asked first, because JOCL's native part complains on stderr by itself where there is none.
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

  private static cl_device_id[] devices(cl_platform_id platform) {
    int[] count = new int[1];
    CL.clGetDeviceIDs(platform, CL.CL_DEVICE_TYPE_ALL, 0, null, count);
    cl_device_id[] devices = new cl_device_id[count[0]];
    CL.clGetDeviceIDs(platform, CL.CL_DEVICE_TYPE_ALL, devices.length, devices, null);
    return devices;
  }

  private static String text(cl_device_id device, int what) {
    long[] size = new long[1];
    CL.clGetDeviceInfo(device, what, 0, null, size);
    byte[] bytes = new byte[(int) size[0]];
    CL.clGetDeviceInfo(device, what, bytes.length, Pointer.to(bytes), null);
    return new String(bytes, StandardCharsets.UTF_8).replace("\0", "").strip();
  }
}
