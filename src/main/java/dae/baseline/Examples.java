package dae.baseline;

import java.util.function.IntFunction;

/// Training images, without noise.
///
/// @param count how many
/// @param height rows of each
/// @param width columns of each
/// @param image one of them: height × width × 3 values from 0 to 1
public record Examples(int count, int height, int width, IntFunction<float[]> image) {}
