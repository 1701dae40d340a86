/// The ops: one lesson per file. Each reads in the same order: in words, shapes, the forward
/// formula, the derivation of the backward formulas down to the expression that the code uses, what
/// it keeps, what it costs, where it runs, what proves it.
///
/// | | |
/// |---|---|
/// | products | [dae.op.Convolution]: [dae.op.Conv2d], [dae.op.ConvTranspose2d] |
/// | normalisation | [dae.op.BatchNorm] |
/// | activations | [dae.op.Relu], [dae.op.LeakyRelu], [dae.op.Sigmoid], [dae.op.Clip] |
/// | sums | [dae.op.Add], [dae.op.Blend] |
/// | placement | [dae.op.Concat], [dae.op.Slice] |
/// | losses | [dae.op.MeanSquaredError], [dae.op.AbsoluteError], [dae.op.PsnrError], [dae.op.RepairError] |
/// | data | [dae.op.Pixels], [dae.op.Fill]; noise is in `dae.noise` |
///
/// A pixel shuffle or unshuffle beside a convolution is no op of its own: together they are one
/// convolution whose stride is the shuffle's (see `HalfSize` in `dae.model`).
///
/// [dae.op.Fusion] merges entries of a tape, for training and for inference.
///
/// Notation: L is the loss, and a leading d means "gradient of L with respect to": `dy = ∂L/∂y`.
/// Ops receive dy and hand back dx. Extents are capitals (N OH OW OC), the same letters in lower
/// case run over them.
package dae.op;
