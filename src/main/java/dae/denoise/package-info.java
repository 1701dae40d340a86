/// The front door for programs that clean pictures.
///
/// - [dae.denoise.Denoiser] cleans a [dae.image.Picture] with the model of a
///   [dae.model.Checkpoint].
/// - [dae.denoise.Tiles] cuts a large picture so that no pixel can tell.
///
/// Decision: **the bits of the whole.** A tile overlaps its neighbours as far as the network looks,
/// starts where the blocks that a kernel computes together start, and ends at the picture's end or
/// before what lacks its surroundings. So one fixed size of tile bounds the memory and shows no
/// seam.
package dae.denoise;
