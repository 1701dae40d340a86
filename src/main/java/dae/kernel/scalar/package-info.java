/// The definition of every kernel: plain loops named by their index, extents in capitals, the body
/// is the formula. Sums are accumulated in double and rounded once; nothing is fast here on
/// purpose. [dae.kernel.scalar.ScalarBackend] is all of it; the other backends are proved against
/// it.
package dae.kernel.scalar;
