/// The kernels on an OpenCL device; the only package that imports `org.jocl`. The functions
/// themselves are in the folder `kernels`, whose README draws them.
///
/// - [dae.kernel.opencl.ClBackend] is the device as a backend. Kernels are launched in order on one
///   queue while the caller continues; only a read waits. Bytes for the next step travel on a
///   second queue ([dae.kernel.opencl.Upload]).
/// - [dae.kernel.opencl.ClConv], [dae.kernel.opencl.ClChannel], [dae.kernel.opencl.ClMap],
///   [dae.kernel.opencl.ClData] and [dae.kernel.opencl.ClOptimiser] are the families: each method
///   prepares the arguments of the functions of the same name in `kernels/*.cl`. The extents of a
///   layer are constants of its program; the number of images, offsets and pitches are arguments.
/// - [dae.kernel.opencl.Tile] cuts the products, [dae.kernel.opencl.Winners] remembers which cut is
///   the fastest on a device, [dae.kernel.opencl.Tuner] finds out. No cut changes a bit.
/// - [dae.kernel.opencl.ClContext] owns the device, its memory and its programs;
///   [dae.kernel.opencl.ProgramCache] keeps compiled programs on disk.
/// - Every call of a backend goes through [dae.kernel.opencl.Cl], which turns a failure into one
///   [dae.DeviceError] and counts what is not released yet. A failing call is taken for the loss of
///   the device: whoever catches it goes on elsewhere.
/// - No atomics: sums have two stages in an order that follows from shapes, so the same seed on the
///   same device gives the same bits.
/// - Data travels in direct buffers only. The binding pins arrays, which Java before 25.0.3 may
///   move.
/// - Drivers bring compilers, and with them handlers of signals, `abort()` and bugs. So
///   [dae.kernel.opencl.Devices] has them listed by a process of its own: [dae.kernel.opencl.Probe]
///   starts it, waits for a limited time and keeps the answer, until [dae.kernel.opencl.Drivers]
///   sees that there may be another. [dae.kernel.opencl.Listing] is what runs there; in the working
///   process it runs only when a device is opened.
/// - A machine without OpenCL has no loader library or no driver; both are ordinary and become a
///   line of text.
/// - [dae.kernel.opencl.SignalChaining] says whether the JVM keeps its signals next to a driver.
package dae.kernel.opencl;
