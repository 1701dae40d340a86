package dae.model;

import dae.graph.Value;

/// What a network sees.
///
/// @param noisy images, N×H×W×C from 0 to 1
/// @param level how strong the noise is at each pixel, N×H×W×1 in units of the full range; null for
///   a network that does not ask for it
public record Seen(Value noisy, Value level) {}
