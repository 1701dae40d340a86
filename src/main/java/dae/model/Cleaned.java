package dae.model;

import dae.graph.Value;

/// What a network makes of it.
///
/// @param image N×H×W×C
/// @param mask where it has repainted, N×H×W×1 from 0 to 1; null for a network that does not say
public record Cleaned(Value image, Value mask) {}
