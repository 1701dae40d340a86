/// The kernels at speed, on the JDK's Vector API (an incubator module: this is the only package
/// that imports it).
///
/// Decisions:
/// - Lanes run along channels, which are contiguous, so no pass needs a horizontal sum per pixel.
/// - [dae.kernel.simd.SimdBackend] has one class for each family of kernels
///   ([dae.kernel.simd.SimdConv], [dae.kernel.simd.SimdChannel] …). Convolutions have a grid of
///   classes behind theirs, chosen by shape alone: *what* a product makes across, *how* it does so
///   down.
///
///   | | images: [dae.kernel.simd.ImageProduct] | filters: [dae.kernel.simd.FilterProduct] |
///   |---|---|---|
///   | tap by tap | [dae.kernel.simd.DirectImage] | [dae.kernel.simd.DirectFilter] |
///   | few channels, all taps together | [dae.kernel.simd.NarrowImage] | [dae.kernel.simd.NarrowFilter] |
///   | 3×3 with stride 1, 36 multiplications for 144 | [dae.kernel.simd.Winograd4Image] | [dae.kernel.simd.Winograd4Filter] |
///   | 6×6 with stride 2 of few channels, the same on pixels seen four at a time ([dae.kernel.simd.PixelShuffle]) | [dae.kernel.simd.Winograd4Image] | [dae.kernel.simd.NarrowFilter] |
///   | 3×3 with stride 2, 25 multiplications for 36 | [dae.kernel.simd.WinogradImage] | [dae.kernel.simd.WinogradFilter] |
///
/// - The grid goes through register tiles: [dae.kernel.simd.GemmTile] and, for the short sums of
///   Winograd's products with stride 1, [dae.kernel.simd.InterleavedTile]. Products that make
///   images read pixels where they lie, except Winograd's, which writes differences or other sums
///   of pixels down first; weights are packed. Products that make filters pack blocks of both
///   factors; the narrow one gathers [dae.kernel.simd.Patches] of all taps.
/// - Winograd's error of a sum is relative to the largest value in a block of 4×4 pixels, at most
///   four times with stride 2 ([dae.kernel.simd.WinogradTransform]), on the average some ten times
///   a plain sum's with stride 1 ([dae.kernel.simd.Winograd4]).
/// - Every pixel of such a block depends in its last bits on all that the block reads:
///   [dae.kernel.Backend#block] says how large blocks are, so that tiles of a picture have the bits
///   of the whole.
/// - Objects and tensors start at cache lines where the JVM is told so; the bits do not depend on
///   it.
/// - No method is called per vector with a vector unless it is small: once it is compiled for
///   itself, C2 may find it too big to inline, and every vector becomes an object.
/// - Only taps that meet real pixels are multiplied: [dae.kernel.simd.PixelClasses].
/// - Work is cut into pieces by shape and batch size alone, unless a piece makes whole sums; any
///   [dae.kernel.simd.Workers] thread may take any piece, those of its own share first; partial
///   sums are added in a fixed order. So the bits do not depend on the number of threads. Pieces
///   that are images go through the batch in order, so that a share is mostly about the same ones.
/// - The scratch of two threads lies [dae.kernel.simd.Workers#APART] floats apart.
/// - The lane width is fixed when the classes load: `-Ddae.lanes=128|256|512` forces one, otherwise
///   the widest is taken.
/// - [dae.kernel.simd.Peak] measures what the machine can do at most, the yardstick of the
///   benchmarks.
/// - No transcendental `lanewise` and no float `reduceLanes`: their bits differ between the
///   interpreter and compiled code.
package dae.kernel.simd;
