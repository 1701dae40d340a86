/// Pictures in memory and the files they come from. [dae.image.Picture] is one in memory,
/// [dae.image.Orientation] a way for one to lie, [dae.image.Canvas] one that is damaged on purpose,
/// [dae.image.Png] reads and writes it, [dae.image.PictureFile] inspects and decodes a file of any
/// format that ImageIO knows, for training folders.
///
/// Decisions:
/// - **One limit of pixels**, [dae.image.Picture#MAX_PIXELS], for both readers, and judged from the
///   header: a file of 48 KB can expand to 400 million pixels. What a user names must also fit the
///   heap before it is decoded.
/// - **Two answers to a bad file.** A picture that the user names ends in one [dae.UserError] line
///   that says what the file is instead (Format, by its first bytes). One of many in a folder is an
///   `IOException`; whoever walks the folder leaves it out and goes on.
/// - **Values as stored, no colour management.** PNG comes from the raster, palettes aside:
///   `getRGB` takes grey samples for linear light and brightens them. Crops of training pictures
///   take grey from the raster too, colour from `getRGB`.
/// - **ImageIO's traps are in one place** (Decoder): its decoders answer damaged files with index
///   and argument exceptions; opening by `File` loses names on a system without UTF-8, and answers
///   null where a file cannot be opened; its default streams want room in the temporary folder.
/// - **Pictures are written through [dae.file.AtomicFile]**, so an old file is whole when writing
///   fails.
/// - Nearly a leaf: of ours it imports [dae.file], [dae.UserError] and [dae.Heap].
package dae.image;
