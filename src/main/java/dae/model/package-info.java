/// The article's architecture on one screen, its files and its description.
///
/// - [dae.model.DenoisingAutoencoder] is the model, written once as calls.
package dae.model;
