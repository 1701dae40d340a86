/// The contracts between the ops and the machines: what a backend must be able to do, without a
/// word on how.
///
/// Decisions:
/// - Three families at op level: [dae.kernel.ConvKernels] (contractions),
///   [dae.kernel.ChannelKernels] (per-channel reductions), [dae.kernel.PointwiseKernels]
///   (streaming). Each exists as a definition (`kernel.scalar`), as speed (`kernel.simd`) and on a
///   device (`kernel.opencl`).
/// - A transposed convolution has no kernel of its own: it is the convolution of
///   [dae.kernel.Conv2dSpec#transposed] run the other way round.
/// - Every kernel is told how many images n it works on; all other extents are fixed when the plan
///   is compiled.
/// - Destinations are either set, never read, or added to: [dae.kernel.Write].
/// - A backend may be asynchronous: kernels then run while the caller goes on, and a download waits
///   for them ([dae.kernel.Backend#asynchronous]).
/// - The order of every sum follows from shapes and n alone, never from threads or timing.
package dae.kernel;
