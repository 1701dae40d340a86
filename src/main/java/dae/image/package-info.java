/// Pictures in memory and the files they come from. [dae.image.Picture] is one in memory, its
/// values in [dae.image.Colors], [dae.image.Orientation] a way for one to lie, [dae.image.Canvas]
/// one that is damaged on purpose, [dae.image.PictureReader] reads one with what has to be kept of
/// its file ([dae.image.Opened], [dae.image.Kept]) and [dae.image.PictureWriter] writes it as it
/// was, one file per [dae.image.Format]; [dae.image.Png] alone is for programs too, as is
/// [dae.image.Buffered], a `BufferedImage` and the way back to one. [dae.image.PictureFile]
/// inspects and decodes a file of any format that ImageIO knows, for training folders.
///
/// Decisions:
/// - **One limit of pixels**, [dae.image.Picture#MAX_PIXELS], for both readers, and judged from the
///   header: a file of 48 KB can expand to 400 million pixels. What a user names must also fit the
///   heap before it is decoded.
/// - **Two answers to a bad file.** A picture that the user names ends in one [dae.UserError] line
///   that says what the file is instead (Format, by its first bytes). One of many in a folder is an
///   `IOException`; whoever walks the folder leaves it out and goes on.
/// - **A picture is in memory once, in the depth of its file** ([dae.image.Colors]): 3 bytes a
///   pixel where floats would take 12. A decoder's array becomes the picture's and that is lent to
///   the encoder (Samples); a decoder reads the file's bytes where they lie (Ranges), an encoder's
///   leave memory as they come (Outward). Opacities, grey and palettes cost a copy. Loops take runs
///   of values out as floats.
/// - **Values as stored, no colour management** (Samples): they come from the raster, palettes and
///   colours other than RGB and grey aside. `getRGB` takes grey samples for linear light and
///   brightens them, and converts colours that carry a profile. The profile is kept instead.
/// - **Pixels by libraries, blocks by hand.** ImageIO and its plugins decode and encode; the chunks
///   of a PNG and the segments of a JPEG are cut out of one file and put into the other, since no
///   library keeps them byte for byte (PngChunks, JpegSegments). A TIFF's fields go through the
///   JDK's plugin, which keeps them all.
/// - **Checked before decoded**: checksums of a PNG's chunks, which ImageIO leaves unchecked. What
///   the decoder of JPEG only warns of, a file cut short, is damage.
/// - **What is written is what was read**: 16 bits stay 16, grey stays grey, a JPEG keeps its
///   tables. A palette becomes RGB, or grey where all its colours are; GIF and WebP become PNG.
/// - **ImageIO's traps are in one place** (Decoder): its decoders answer damaged files with index
///   and argument exceptions; opening by `File` loses names on a system without UTF-8, and answers
///   null where a file cannot be opened; its default streams want room in the temporary folder.
/// - **Pictures are written through [dae.file.AtomicFile]**, so an old file is whole when writing
///   fails.
/// - Nearly a leaf: of ours it imports [dae.file], [dae.UserError] and [dae.Heap].
package dae.image;
