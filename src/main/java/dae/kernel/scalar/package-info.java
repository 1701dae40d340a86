/// The definition of every kernel: plain loops named by their index, extents in capitals, the body
/// is the formula. Sums are accumulated in double and rounded once; nothing is fast here on
/// purpose. The other backends are proved against this one.
package dae.kernel.scalar;
