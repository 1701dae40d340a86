/// The kernels at speed, on the JDK's Vector API (an incubator module: this is the only package
/// that imports it).
///
/// Decisions:
/// - Lanes run along channels, which are contiguous, so no pass needs a horizontal sum per pixel.
/// - All contractions go through one kind of register tile, [dae.kernel.simd.GemmTile]. Products
///   that make images ([dae.kernel.simd.ImageProduct]) read pixels where they lie: only the weights
///   are packed. The product that makes filters ([dae.kernel.simd.FilterProduct]) packs blocks of
///   both factors: tap by tap; under a picture's few channels with all taps as rows of one product
///   ([dae.kernel.simd.Patches]).
/// - 3×3 convolutions with stride 2 take 25 multiplications in the place of 36, in all three
///   products ([dae.kernel.simd.MinimalProduct], [dae.kernel.simd.MinimalFilter]). The error of a
///   sum is then relative to the largest number of a block of 4×4 pixels, at most four times.
/// - Objects and tensors start at cache lines where the JVM is told so; the bits do not depend on
///   it.
/// - No method is called per vector with a vector unless it is small: once it is compiled for
///   itself, C2 may take it for too big to inline, and every vector becomes an object.
/// - Only taps that meet real pixels are multiplied: [dae.kernel.simd.PixelClasses].
/// - Work is cut into pieces by shape and batch size alone; any [dae.kernel.simd.Workers] thread
///   may take any piece; partial sums are added in a fixed order. So the bits do not depend on the
///   number of threads.
/// - The lane width is fixed when the classes load: `-Ddae.lanes=128|256|512` forces one, otherwise
///   the widest is taken.
/// - No transcendental `lanewise` and no float `reduceLanes`: their bits differ between the
///   interpreter and compiled code.
package dae.kernel.simd;
