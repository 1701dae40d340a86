package dae.kernel.opencl;

import dae.DeviceError;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Supplier;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.NativePointerObject;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;
import org.jocl.cl_event;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;
import org.jocl.cl_program;

/// The calls to OpenCL that a backend makes, one method each. Every failure becomes a
/// [DeviceError], everything that is created is counted until it is released, and a test can
/// override [#before] and so make any call fail.
///
/// Data travels in direct buffers only: the binding pins arrays, and Java before 25.0.3 may move
/// those.
class Cl {
  private final Set<Object> live = Collections.newSetFromMap(new IdentityHashMap<>());

  /// Called before each call, with its name.
  ///
  /// @throws CLException to make the call fail
  protected void before(String call) {}

  /// Objects that were created and not yet released.
  final int live() {
    return live.size();
  }

  private <T> T call(String name, Supplier<T> call) {
    try {
      before(name);
      return call.get();
    } catch (CLException e) {
      throw new DeviceError(
          "opencl: expected %s to work, got %s — try again, or use --backend simd"
              .formatted(name, e.getMessage().lines().findFirst().orElse("" + e.getStatus())),
          e);
    } catch (UnsupportedOperationException e) {
      throw new DeviceError(
          "opencl: expected a loader of OpenCL 1.2, got one without %s — use --backend simd"
              .formatted(name),
          e);
    }
  }

  private <T> T create(String name, Supplier<T> call) {
    T created = call(name, call);
    live.add(created);
    return created;
  }

  /// What cannot be released any more is gone with its device.
  private void release(String name, Object created, Runnable call) {
    if (!live.remove(created)) {
      throw new IllegalStateException(name + " of something already released");
    }
    try {
      before(name);
      call.run();
    } catch (CLException e) {
      // The failure that led here has been reported already.
    }
  }

  static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  cl_context createContext(Listing.Present device) {
    cl_context_properties properties = new cl_context_properties();
    properties.addProperty(CL.CL_CONTEXT_PLATFORM, device.platform());
    cl_device_id[] devices = {device.id()};
    return create(
        "clCreateContext", () -> CL.clCreateContext(properties, 1, devices, null, null, null));
  }

  void release(cl_context context) {
    release("clReleaseContext", context, () -> CL.clReleaseContext(context));
  }

  /// Calls run in order.
  @SuppressWarnings("deprecation") // The newer call does not exist before OpenCL 2.0.
  cl_command_queue createQueue(cl_context context, Listing.Present device, boolean profiling) {
    long properties = profiling ? CL.CL_QUEUE_PROFILING_ENABLE : 0;
    return create(
        "clCreateCommandQueue",
        () -> CL.clCreateCommandQueue(context, device.id(), properties, null));
  }

  void release(cl_command_queue queue) {
    release("clReleaseCommandQueue", queue, () -> CL.clReleaseCommandQueue(queue));
  }

  cl_mem createBuffer(cl_context context, long flags, long bytes) {
    return create("clCreateBuffer", () -> CL.clCreateBuffer(context, flags, bytes, null, null));
  }

  void release(cl_mem buffer) {
    release("clReleaseMemObject", buffer, () -> CL.clReleaseMemObject(buffer));
  }

  /// Host memory that the device reads without a copy in between.
  ByteBuffer map(cl_command_queue queue, cl_mem buffer, long bytes) {
    long flags = CL.CL_MAP_READ | CL.CL_MAP_WRITE;
    return call(
            "clEnqueueMapBuffer",
            () -> CL.clEnqueueMapBuffer(queue, buffer, true, flags, 0, bytes, 0, null, null, null))
        .order(ByteOrder.nativeOrder());
  }

  void unmap(cl_command_queue queue, cl_mem buffer, ByteBuffer mapped) {
    call(
        "clEnqueueUnmapMemObject",
        () -> CL.clEnqueueUnmapMemObject(queue, buffer, mapped, 0, null, null));
  }

  void zero(cl_command_queue queue, cl_mem buffer, long bytes) {
    Pointer zero = Pointer.to(direct(Float.BYTES));
    call(
        "clEnqueueFillBuffer",
        () -> CL.clEnqueueFillBuffer(queue, buffer, zero, Float.BYTES, 0, bytes, 0, null, null));
  }

  /// Returns when `host` may be used again.
  void write(cl_command_queue queue, cl_mem to, long at, long bytes, ByteBuffer host) {
    call(
        "clEnqueueWriteBuffer",
        () -> CL.clEnqueueWriteBuffer(queue, to, true, at, bytes, Pointer.to(host), 0, null, null));
  }

  /// Returns when `host` is filled.
  void read(cl_command_queue queue, cl_mem from, long at, long bytes, ByteBuffer host) {
    call(
        "clEnqueueReadBuffer",
        () ->
            CL.clEnqueueReadBuffer(queue, from, true, at, bytes, Pointer.to(host), 0, null, null));
  }

  /// As [#write], `rows` stretches of `bytes` that lie `pitch` bytes apart in the buffer.
  void writeRows(
      cl_command_queue queue, cl_mem to, long at, long bytes, long rows, long pitch, ByteBuffer h) {
    long[] buffer = {at, 0, 0}, host = {0, 0, 0}, region = {bytes, rows, 1};
    call(
        "clEnqueueWriteBufferRect",
        () ->
            CL.clEnqueueWriteBufferRect(
                queue,
                to,
                true,
                buffer,
                host,
                region,
                pitch,
                0,
                bytes,
                0,
                Pointer.to(h),
                0,
                null,
                null));
  }

  /// The reverse of [#writeRows].
  void readRows(
      cl_command_queue queue,
      cl_mem from,
      long at,
      long bytes,
      long rows,
      long pitch,
      ByteBuffer h) {
    long[] buffer = {at, 0, 0}, host = {0, 0, 0}, region = {bytes, rows, 1};
    call(
        "clEnqueueReadBufferRect",
        () ->
            CL.clEnqueueReadBufferRect(
                queue,
                from,
                true,
                buffer,
                host,
                region,
                pitch,
                0,
                bytes,
                0,
                Pointer.to(h),
                0,
                null,
                null));
  }

  cl_program createProgram(cl_context context, String source) {
    return create(
        "clCreateProgramWithSource",
        () -> CL.clCreateProgramWithSource(context, 1, new String[] {source}, null, null));
  }

  cl_program createProgram(cl_context context, Listing.Present device, byte[] binary) {
    return create(
        "clCreateProgramWithBinary",
        () ->
            CL.clCreateProgramWithBinary(
                context,
                1,
                new cl_device_id[] {device.id()},
                new long[] {binary.length},
                new byte[][] {binary},
                null,
                null));
  }

  void build(cl_program program, Listing.Present device, String options) {
    cl_device_id[] devices = {device.id()};
    call("clBuildProgram", () -> CL.clBuildProgram(program, 1, devices, options, null, null));
  }

  /// What the compiler said.
  String log(cl_program program, Listing.Present device) {
    return Device.text((bytes, to, size) ->
        CL.clGetProgramBuildInfo(program, device.id(), CL.CL_PROGRAM_BUILD_LOG, bytes, to, size));
  }

  /// The compiled program.
  byte[] binary(cl_program program) {
    ByteBuffer size = direct(Sizeof.size_t);
    call(
        "clGetProgramInfo",
        () ->
            CL.clGetProgramInfo(
                program, CL.CL_PROGRAM_BINARY_SIZES, Sizeof.size_t, Pointer.to(size), null));
    byte[] binary = new byte[Math.toIntExact(size.getLong(0))];
    ByteBuffer bytes = direct(binary.length);
    Pointer pointers = Pointer.to(Pointer.to(bytes));
    call(
        "clGetProgramInfo",
        () -> CL.clGetProgramInfo(program, CL.CL_PROGRAM_BINARIES, Sizeof.POINTER, pointers, null));
    bytes.get(binary);
    return binary;
  }

  void release(cl_program program) {
    release("clReleaseProgram", program, () -> CL.clReleaseProgram(program));
  }

  cl_kernel createKernel(cl_program program, String name) {
    return create("clCreateKernel", () -> CL.clCreateKernel(program, name, null));
  }

  void release(cl_kernel kernel) {
    release("clReleaseKernel", kernel, () -> CL.clReleaseKernel(kernel));
  }

  void argument(cl_kernel kernel, int index, NativePointerObject buffer) {
    call(
        "clSetKernelArg",
        () -> CL.clSetKernelArg(kernel, index, Sizeof.cl_mem, Pointer.to(buffer)));
  }

  /// @param bits four bytes of a direct buffer
  void argument(cl_kernel kernel, int index, ByteBuffer bits) {
    call("clSetKernelArg", () -> CL.clSetKernelArg(kernel, index, Integer.BYTES, Pointer.to(bits)));
  }

  /// @param event to be set, or null
  void launch(
      cl_command_queue queue, cl_kernel kernel, long[] global, long[] local, cl_event event) {
    call(
        "clEnqueueNDRangeKernel",
        () ->
            CL.clEnqueueNDRangeKernel(
                queue, kernel, global.length, null, global, local, 0, null, event));
    if (event != null) {
      live.add(event);
    }
  }

  /// An event that completes when everything before it is done.
  cl_event mark(cl_command_queue queue) {
    cl_event event = new cl_event();
    call(
        "clEnqueueMarkerWithWaitList", () -> CL.clEnqueueMarkerWithWaitList(queue, 0, null, event));
    live.add(event);
    return event;
  }

  void flush(cl_command_queue queue) {
    call("clFlush", () -> CL.clFlush(queue));
  }

  void finish(cl_command_queue queue) {
    call("clFinish", () -> CL.clFinish(queue));
  }

  void await(cl_event event) {
    call("clWaitForEvents", () -> CL.clWaitForEvents(1, new cl_event[] {event}));
  }

  /// How long the device worked on a finished launch.
  long nanos(cl_event event) {
    return time(event, CL.CL_PROFILING_COMMAND_END) - time(event, CL.CL_PROFILING_COMMAND_START);
  }

  private long time(cl_event event, int what) {
    ByteBuffer nanos = direct(Sizeof.cl_ulong);
    call(
        "clGetEventProfilingInfo",
        () -> CL.clGetEventProfilingInfo(event, what, Sizeof.cl_ulong, Pointer.to(nanos), null));
    return nanos.getLong(0);
  }

  void release(cl_event event) {
    release("clReleaseEvent", event, () -> CL.clReleaseEvent(event));
  }
}
