/// A look inside a trained network, as one page.
///
/// - [dae.inspect.Inspection] takes a model and pictures and makes the page: filters, maps of
///   activations, histograms of weights, what changed most, the effective receptive field, and what
///   is left when the skips are cut off.
///
/// Decision: **measured, not drawn from the plan.** The receptive field is the gradient of an
/// output pixel by the engine's own backward pass ([dae.graph.Probe]), with batch norms frozen at
/// their moving statistics, since those of one image would let every pixel depend on all.
///
/// Decision: **one file.** Pictures lie in the page as PNGs; it loads nothing.
package dae.inspect;
