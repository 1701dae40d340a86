package dae.kernel;

import dae.tensor.Tensor;

/// A batch normalisation, `y = f(γ·(x − mean)·r + β)`: vectors of one element per channel.
///
/// @param mean of the batch, or its moving average
/// @param r `1/√(variance + ε)`, of the batch or from the moving average
/// @param gamma γ
/// @param beta β
/// @param f identity or ReLU
public record Norm(Tensor mean, Tensor r, Tensor gamma, Tensor beta, Activation f) {}
