/// The kinds of damage that a network learns to undo, one file each: a word, a formula, the op that
/// draws it.
///
/// - A [dae.noise.Noise] says its [dae.noise.Noise#word] and records itself on a tape.
/// - Pixel by pixel: [dae.noise.GaussianNoise], the article's, of one strength or of a range;
///   [dae.noise.PoissonNoise]; [dae.noise.SaltPepperNoise]. Their op calls a kernel of
///   [dae.kernel.DataKernels]; their formulas are [dae.kernel.PixelNoise]'s, which a
///   [dae.noise.Noise#paint] applies to one image without a plan.
/// - [dae.noise.Noises] finds them by word; a new one is a file and a line in its list.
///
/// Decision: a kind is known by its word everywhere (option, settings, model file, kernel's
/// argument), so that none of these places changes when a kind is added. What is drawn is a
/// function of the run's key, the image's index and the step in a chain of damage, never of threads
/// or order.
package dae.noise;
