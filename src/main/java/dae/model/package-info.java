/// The article's architecture on one screen, its files and its description.
///
/// - [dae.model.DenoisingAutoencoder] is the model, written once as calls.
/// - [dae.model.Checkpoint] is its weights as a safetensors file, which other programs can read:
///   the names are Keras' paths, the shapes Keras' layouts. The width is read from the shape of the
///   first kernel, so that a file can never contradict itself.
/// - [dae.model.Summary] is its table of layers.
package dae.model;
