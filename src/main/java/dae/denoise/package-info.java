/// The front door for programs that clean pictures.
///
/// - [dae.denoise.Denoiser] cleans files, images and arrays with the model of a
///   [dae.model.Checkpoint], by [dae.denoise.Options], and tells its [dae.denoise.Progress].
/// - [dae.denoise.Cleaning] is what is done with a file, for programs and for the command alike.
/// - [dae.denoise.Tiles] cuts a large picture so that no pixel can tell, [dae.denoise.Turned] in
///   any orientation; [dae.denoise.CleanPicture] takes up what the network made of it.
/// - [dae.denoise.Strength] takes over a part of the change, [dae.denoise.NoiseLevel] says whether
///   there is anything to clean.
///
/// Decision: **what is not the picture is not shown to the network.** Colours under an opacity of 0
/// are filled in from around (Seen) and come back afterwards; a picture without colours gets none
/// (Grey).
///
/// Decision: **the bits of the whole.** A tile overlaps its neighbours as far as the network looks,
/// starts where the blocks that a kernel computes together start, and ends at the picture's end or
/// before what lacks its surroundings. So one fixed size of tile bounds the memory and shows no
/// seam.
///
/// Decision: **rounded once.** A result has the depth of its source. Tiles are computed in floats;
/// strength, grey and hidden pixels are applied to a tile's own pixels, which go straight into the
/// result. So cleaning takes one more picture of 8 bits, not one of floats.
///
/// Decision: **an ensemble takes time, and its sum.** Pixels are turned on their way into a tile
/// and added on their way back, in floats, so no turned picture is held; where memory does not hold
/// a plan and that of exchanged sides, the one gives way to the other.
///
/// Decision: **one picture at a time.** Threads that share a denoiser wait for each other, picture
/// by picture: a picture takes all cores and what memory there is, so two at once would be no
/// faster. A program that only says `open` gets the processor; trying a device starts a process and
/// loads drivers, which is for the program to ask for.
package dae.denoise;
