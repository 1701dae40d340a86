package dae.kernel.opencl;

import dae.DeviceError;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jocl.CL;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_event;
import org.jocl.cl_mem;
import org.jocl.cl_program;

/// A device at work: its queue, its programs, its memory. All kernels run in order on one queue,
/// and nothing waits for them but a read; bytes for the next step travel on a second queue.
final class ClContext implements AutoCloseable {
  /// Floats on their way between host and device pass through pinned memory of this size.
  private static final int STAGING = 4 << 20;

  /// What the kernels are written in.
  static final String STANDARD = "-cl-std=CL1.2";

  /// Where a compiler's message has the line: file:line:column.
  private static final Pattern LINE = Pattern.compile(":(\\d+):");

  private final Device device;
  private final Listing.Present present;
  private final Cl cl;
  private final ProgramCache cache;
  private final Map<String, cl_program> programs = new HashMap<>();
  private final Map<String, Kernel> kernels = new HashMap<>();
  private final Set<cl_mem> buffers = new HashSet<>();
  private final Map<cl_mem, ByteBuffer> pinned = new HashMap<>();
  private final List<cl_event> events = new ArrayList<>();
  private cl_context context;
  private cl_command_queue queue;
  private cl_command_queue transfers;
  private ByteBuffer staging;
  private boolean profiling;
  private long launches;

  ClContext(Listing.Present present, Cl cl, ProgramCache cache) {
    this.present = present;
    device = present.device();
    this.cl = cl;
    this.cache = cache;
    try {
      context = cl.createContext(present);
      queue = cl.createQueue(context, present, false);
      transfers = cl.createQueue(context, present, false);
      staging = pinned(STAGING);
    } catch (DeviceError e) {
      close();
      throw e;
    }
  }

  Device device() {
    return device;
  }

  /// The same, as it is called in this process.
  Listing.Present present() {
    return present;
  }

  Cl cl() {
    return cl;
  }

  /// A function of a `.cl` file, compiled with the given options.
  Kernel kernel(String file, String options, String name) {
    Kernel kernel =
        kernels.computeIfAbsent(
            file + " " + options + " " + name,
            k -> {
              cl_program program = program(file, options);
              return new Kernel(this, cl.createKernel(program, name), name);
            });
    kernel.begin();
    return kernel;
  }

  private cl_program program(String file, String given) {
    String options = STANDARD + " " + given;
    if (device.roundsCorrectly()) {
      options += " -cl-fp32-correctly-rounded-divide-sqrt";
    }
    // A CPU behind OpenCL is there to try the kernels, SIMD is faster on it; and its
    // compilers take a second over each program unless they are told not to.
    if (device.processor()) {
      options += " -cl-opt-disable";
    }
    cl_program known = programs.get(file + options);
    if (known == null) {
      known = build(file, options);
      programs.put(file + options, known);
    }
    return known;
  }

  private cl_program build(String file, String options) {
    String source = source(file);
    String key = ProgramCache.key(source, options, device.name(), device.driver());
    Optional<byte[]> binary = cache.find(key);
    if (binary.isPresent()) {
      cl_program program = null;
      try {
        program = cl.createProgram(context, present, binary.get());
        cl.build(program, present, options);
        return program;
      } catch (DeviceError damaged) {
        cache.forget(key);
        if (program != null) {
          cl.release(program);
        }
      }
    }
    cl_program program = cl.createProgram(context, source);
    try {
      cl.build(program, present, options);
      cache.keep(key, cl.binary(program));
      return program;
    } catch (DeviceError e) {
      String log = e.getMessage().contains("clBuildProgram") ? log(program, source) : "";
      cl.release(program);
      throw log.isEmpty()
          ? e
          : new DeviceError(
              "opencl: expected %s to compile with '%s', got: %s — use --backend simd"
                  .formatted(file, options, log),
              e);
    }
  }

  /// The compiler's words, with the source line that they begin with, on one line.
  private String log(cl_program program, String source) {
    try {
      List<String> log = cl.log(program, present).lines().map(String::strip).toList();
      String error =
          log.stream()
              .filter(line -> line.contains("error"))
              .findFirst()
              .orElse(log.isEmpty() ? "no log" : log.getFirst());
      Matcher at = LINE.matcher(error);
      int number = at.find() ? Integer.parseInt(at.group(1)) : 0;
      return source
          .lines()
          .skip(Math.max(0, number - 1))
          .findFirst()
          .filter(line -> number > 0)
          .map(line -> "%s [%d: %s]".formatted(error, number, line.strip()))
          .orElse(error);
    } catch (RuntimeException e) {
      return "no log";
    }
  }

  /// A `.cl` file as it is compiled: behind `exp.cl`. The comments are written for people, and not
  /// every driver's compiler reads more than ASCII.
  static String source(String file) {
    return (text("exp.cl") + text(file)).replaceAll("[^\\x00-\\x7F]", "?");
  }

  private static String text(String file) {
    try (InputStream in = ClContext.class.getResourceAsStream("/kernels/" + file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  cl_mem allocate(long bytes) {
    cl_mem buffer = cl.createBuffer(context, CL.CL_MEM_READ_WRITE, bytes);
    buffers.add(buffer);
    return buffer;
  }

  /// Host memory that the device reads and writes without a copy in between; kept to the end.
  ByteBuffer pinned(int bytes) {
    cl_mem buffer =
        cl.createBuffer(context, CL.CL_MEM_READ_WRITE | CL.CL_MEM_ALLOC_HOST_PTR, bytes);
    pinned.put(buffer, null);
    ByteBuffer mapped = cl.map(queue, buffer, bytes);
    pinned.put(buffer, mapped);
    return mapped;
  }

  /// Zeroed floats.
  ClStorage floats(long count) {
    cl_mem buffer = allocate(Float.BYTES * count);
    cl.zero(queue, buffer, Float.BYTES * count);
    return new ClStorage(count, buffer);
  }

  void free(cl_mem buffer) {
    if (buffers.remove(buffer)) {
      cl.release(buffer);
    }
  }

  void launch(Kernel kernel, long[] items, long[] group) {
    launches++;
    if (!profiling) {
      cl.launch(queue, kernel.handle(), items, group, null);
      return;
    }
    cl_event event = new cl_event();
    cl.launch(queue, kernel.handle(), items, group, event);
    events.add(event);
  }

  /// Whether the device times launches from now on. The queue is created again, since timing can
  /// make every launch slower.
  void profile(boolean on) {
    drain();
    cl.finish(queue);
    cl_command_queue before = queue;
    queue = cl.createQueue(context, present, on);
    cl.release(before);
    profiling = on;
  }

  /// Nanoseconds that the device has worked, and how many launches it got, since the last call.
  /// Waits.
  long[] drain() {
    long nanos = 0;
    try {
      for (cl_event event : events) {
        cl.await(event);
        nanos += cl.nanos(event);
      }
    } finally {
      events.forEach(cl::release);
      events.clear();
    }
    long count = launches;
    launches = 0;
    return new long[] {nanos, count};
  }

  /// Contiguous floats to the device. Returns when `from` may be changed.
  void write(float[] from, int at, ClStorage to, long offset, long count) {
    for (long done = 0; done < count; done += STAGING / Float.BYTES) {
      int part = (int) Math.min(STAGING / Float.BYTES, count - done);
      staging.asFloatBuffer().put(from, (int) (at + done), part);
      cl.write(
          queue, to.buffer(), Float.BYTES * (offset + done), (long) Float.BYTES * part, staging);
    }
  }

  /// The reverse of [#write].
  void read(ClStorage from, long offset, long count, float[] to, int at) {
    for (long done = 0; done < count; done += STAGING / Float.BYTES) {
      int part = (int) Math.min(STAGING / Float.BYTES, count - done);
      cl.read(
          queue, from.buffer(), Float.BYTES * (offset + done), (long) Float.BYTES * part, staging);
      staging.asFloatBuffer().get(to, (int) (at + done), part);
    }
  }

  /// `rows` stretches of `length` floats that lie `pitch` apart on the device.
  void writeRows(
      float[] from, int at, ClStorage to, long offset, int length, long rows, int pitch) {
    int most = STAGING / Float.BYTES / length;
    for (long done = 0; done < rows; done += most) {
      long part = Math.min(most, rows - done);
      staging.asFloatBuffer().put(from, (int) (at + done * length), (int) part * length);
      long first = Float.BYTES * (offset + done * pitch);
      cl.writeRows(queue, to.buffer(), first, 4L * length, part, 4L * pitch, staging);
    }
  }

  /// The reverse of [#writeRows].
  void readRows(ClStorage from, long offset, int length, long rows, int pitch, float[] to, int at) {
    int most = STAGING / Float.BYTES / length;
    for (long done = 0; done < rows; done += most) {
      long part = Math.min(most, rows - done);
      long first = Float.BYTES * (offset + done * pitch);
      cl.readRows(queue, from.buffer(), first, 4L * length, part, 4L * pitch, staging);
      staging.asFloatBuffer().get(to, (int) (at + done * length), (int) part * length);
    }
  }

  /// Bytes to the device while it works on what was launched before.
  void send(ByteBuffer from, long bytes, cl_mem to) {
    cl.write(transfers, to, 0, bytes, from);
  }

  /// An event that completes when all that was launched so far is done; to be released.
  cl_event mark() {
    return cl.mark(queue);
  }

  /// Hands the driver what was launched so far.
  void flush() {
    cl.flush(queue);
  }

  /// Releases everything, in whatever state it is.
  @Override
  public void close() {
    events.forEach(cl::release);
    events.clear();
    kernels.values().forEach(kernel -> cl.release(kernel.handle()));
    kernels.clear();
    programs.values().forEach(cl::release);
    programs.clear();
    buffers.forEach(cl::release);
    buffers.clear();
    pinned.forEach(this::unpin);
    pinned.clear();
    if (transfers != null) {
      cl.release(transfers);
      transfers = null;
    }
    if (queue != null) {
      cl.release(queue);
      queue = null;
    }
    if (context != null) {
      cl.release(context);
      context = null;
    }
  }

  private void unpin(cl_mem buffer, ByteBuffer mapped) {
    try {
      if (mapped != null) {
        cl.unmap(queue, buffer, mapped);
      }
    } catch (DeviceError e) {
      // The device is gone, and its memory with it.
    }
    cl.release(buffer);
  }
}
