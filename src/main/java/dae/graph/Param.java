package dae.graph;

import dae.tensor.Shape;

/// Values that belong to the model: learnt by the optimiser (trainable) or kept by an op (moving
/// statistics). Two graphs that name a parameter alike share it through [Parameters].
///
/// @param name unique within a model, Keras' path: `conv_block1/conv2d/kernel`
/// @param shape extents
/// @param init the first values
/// @param trainable whether the optimiser changes it
public record Param(String name, Shape shape, Init init, boolean trainable) {}
