/// The contracts between the ops and the machines: what a backend must be able to do, without a
/// word on how.
///
/// **Families.** A kernel belongs where its *loop* is, whatever its formula. A family is one
/// contract, one class per backend (`kernel.scalar` defines, `kernel.simd` is fast, `kernel.opencl`
/// runs on a device), one `.cl` file and one bench, all under one stem: [dae.kernel.MapKernels],
/// `ScalarMap`, `SimdMap`, `ClMap`, `kernels/map.cl`, `MapBench`.
///
/// | loop | family |
/// |---|---|
/// | contraction: a sum over taps and channels | [dae.kernel.ConvKernels] |
/// | reduction over pixels, per channel, and the maps that use its results | [dae.kernel.ChannelKernels] |
/// | pixel by pixel: one value for all channels of a pixel, or their sum | [dae.kernel.PixelKernels] |
/// | window without contraction: a sum over taps, each channel by itself | none yet |
/// | map: element by element, of one input or several; a sum over everything may follow, as in a loss | [dae.kernel.MapKernels] |
/// | placement: elements only move | by pitch and offset, without a kernel; else [dae.kernel.MapKernels#copy] |
/// | data: what stands in front of a model, without a gradient | [dae.kernel.DataKernels] |
/// | optimiser: what makes new weights from old ones | [dae.kernel.OptimiserKernels] |
///
/// An op whose formula has several loops calls several families, one line each. No family is made
/// for what an existing one expresses: a transposed convolution is the convolution of
/// [dae.kernel.Conv2dSpec#transposed] run the other way round; a pixel unshuffle by s before a k×k
/// convolution is a convolution with a kernel of k·s and the stride s, and a pixel shuffle behind
/// one is its transpose. A residual sum is a map, whose backward pass is `copy` or nothing; as the
/// end of a product it is [dae.kernel.Write#ADD]. Where the next ops will go:
///
/// - LayerNorm per pixel: [dae.kernel.PixelKernels]. Its backward pass computes mean and deviation
///   again, since a pixel's channels are in the first-level cache.
/// - Depthwise convolution, all three passes: a new family `WindowKernels`.
/// - Gate: `MapKernels`, a product of two inputs, which may be slices of one tensor's channels.
/// - Learnt scale per channel, as in front of a residual sum: `MapKernels`; its gradient is
///   `ChannelKernels`' business.
///
/// **Every method says** what it *sets* (never reads, it may hold NaN), what it *adds to*, and
/// which arguments may be the same memory, which means the same tensor, element for element. What
/// is only read may always overlap.
///
/// Decisions:
/// - A [dae.kernel.Backend] is the families and the memory that they work on. One thread at a time
///   computes on it, by its [dae.kernel.Turn]: a kernel already uses all cores or the whole device,
///   so kernels side by side would gain nothing and each would need scratch memory of its own.
/// - Every kernel is told how many images n it works on; all other extents are fixed when the plan
///   is compiled. A vector, a filter or a scalar is there once, whatever n.
/// - Whether a gradient is set or added to is decided once, by the plan: [dae.kernel.Write].
/// - What belongs together travels as one record: [dae.kernel.Norm], [dae.kernel.Epilogue], both
///   with an [dae.kernel.Activation].
/// - Each [dae.kernel.Pass] of a convolution says once what memory it [dae.kernel.Needs], and finds
///   it in its [dae.kernel.Workspace].
/// - [dae.kernel.Exp] is the exponential of all backends, to the bit, [dae.kernel.Poisson] their
///   Poisson-distributed number, [dae.kernel.PixelNoise] the noise of an image.
/// - A backend may be asynchronous: kernels then run while the caller continues, and a download
///   waits for them ([dae.kernel.Backend#asynchronous]).
/// - The order of every sum follows from shapes and n alone, never from threads or timing.
package dae.kernel;
