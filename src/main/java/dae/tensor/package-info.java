/// Values with named axes in memory: [dae.tensor.Shape], [dae.tensor.Tensor], [dae.tensor.Storage],
/// [dae.tensor.Check], and [dae.tensor.HeapCopy] between Java arrays.
///
/// Decisions:
/// - The layout is Keras': images are NHWC, filters HWIO, so that channels are contiguous and every
///   kernel runs along one axis with unit stride.
/// - The batch extent N is not part of a [dae.tensor.Shape]: a tensor is laid out for a capacity,
///   and the kernels are told how many images they work on.
/// - A tensor is a window (storage, offset, shape, pixel pitch). The pitch may exceed the channel
///   count, so that the inputs of a concatenation live as channel slices of its output.
/// - The package imports nothing. Shapes are checked when a graph is built, never inside a kernel.
package dae.tensor;
