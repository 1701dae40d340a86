package dae.kernel.opencl;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_device_id;

/// An OpenCL device and its limits, as far as they can be told from one process to another.
///
/// @param selector how it is named on the command line: platform and device, as in `0.0`
/// @param gpu whether it is of the type that `auto` takes
/// @param driver version of the driver and of what it implements
/// @param processor whether it is the machine's own processor
/// @param units compute units
/// @param groupSize the most work-items of a work-group
/// @param localBytes local memory of a work-group
/// @param memoryBytes of the device
/// @param bufferBytes the largest buffer
/// @param roundsCorrectly whether it can divide and take roots as IEEE 754 says
record Device(
    String selector,
    String name,
    String driver,
    boolean gpu,
    boolean processor,
    int units,
    long groupSize,
    long localBytes,
    long memoryBytes,
    long bufferBytes,
    boolean roundsCorrectly) {

  private static final String GAP = "\t";

  static Device of(String selector, cl_device_id id) {
    long type = number(id, CL.CL_DEVICE_TYPE);
    return new Device(
        selector,
        info(id, CL.CL_DEVICE_NAME),
        info(id, CL.CL_DEVICE_VERSION) + ", driver " + info(id, CL.CL_DRIVER_VERSION),
        (type & CL.CL_DEVICE_TYPE_GPU) != 0,
        (type & CL.CL_DEVICE_TYPE_CPU) != 0,
        (int) number(id, CL.CL_DEVICE_MAX_COMPUTE_UNITS),
        number(id, CL.CL_DEVICE_MAX_WORK_GROUP_SIZE),
        number(id, CL.CL_DEVICE_LOCAL_MEM_SIZE),
        number(id, CL.CL_DEVICE_GLOBAL_MEM_SIZE),
        number(id, CL.CL_DEVICE_MAX_MEM_ALLOC_SIZE),
        (number(id, CL.CL_DEVICE_SINGLE_FP_CONFIG) & CL.CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT) != 0);
  }

  /// All of it in one line, for [#parse].
  String toLine() {
    return Stream.of(
            selector,
            name,
            driver,
            gpu,
            processor,
            units,
            groupSize,
            localBytes,
            memoryBytes,
            bufferBytes,
            roundsCorrectly)
        .map(field -> field.toString().replace(GAP, " "))
        .collect(Collectors.joining(GAP));
  }

  /// The reverse of [#toLine].
  static Device parse(String line) {
    Iterator<String> fields = List.of(line.split(GAP, -1)).iterator();
    return new Device(
        fields.next(),
        fields.next(),
        fields.next(),
        Boolean.parseBoolean(fields.next()),
        Boolean.parseBoolean(fields.next()),
        Integer.parseInt(fields.next()),
        Long.parseLong(fields.next()),
        Long.parseLong(fields.next()),
        Long.parseLong(fields.next()),
        Long.parseLong(fields.next()),
        Boolean.parseBoolean(fields.next()));
  }

  /// Whether both are the same device with the same driver.
  boolean isSame(Device other) {
    return selector.equals(other.selector)
        && name.equals(other.name)
        && driver.equals(other.driver);
  }

  /// For `doctor`.
  String describe() {
    return "%s  %s, %s, %s, %d units, groups of at most %d, local memory %d KiB, memory %d MiB, buffers of at most %d MiB"
        .formatted(
            selector,
            name,
            gpu ? "GPU" : processor ? "CPU" : "accelerator",
            driver,
            units,
            groupSize,
            localBytes >> 10,
            memoryBytes >> 20,
            bufferBytes >> 20);
  }

  /// Why a plan cannot run there; null if it can.
  String obstacle() {
    if (groupSize < 256) {
      return "expected work-groups of 256, got at most " + groupSize;
    }
    if (localBytes < 16 << 10) {
      return "expected 16 KiB of local memory, got " + (localBytes >> 10);
    }
    return null;
  }

  /// Asks for something of unknown length.
  interface Query {
    int ask(long bytes, Pointer to, long[] size);
  }

  static String text(Query query) {
    long[] size = new long[1];
    query.ask(0, null, size);
    byte[] bytes = new byte[(int) size[0]];
    ByteBuffer direct = Cl.direct(Math.max(1, bytes.length));
    query.ask(bytes.length, Pointer.to(direct), null);
    direct.get(0, bytes);
    return new String(bytes, StandardCharsets.UTF_8).replace("\0", "").strip();
  }

  private static String info(cl_device_id id, int what) {
    return text((bytes, to, size) -> CL.clGetDeviceInfo(id, what, bytes, to, size));
  }

  /// Whole numbers of four or eight bytes.
  private static long number(cl_device_id id, int what) {
    ByteBuffer direct = Cl.direct(Long.BYTES);
    CL.clGetDeviceInfo(id, what, Long.BYTES, Pointer.to(direct), null);
    return direct.getLong(0);
  }
}
