/// The kinds of damage that a network learns to undo, one file each: a word, a formula, the op that
/// draws it.
///
/// - A [dae.noise.Noise] says its [dae.noise.Noise#word] and records itself on a tape.
/// - [dae.noise.GaussianNoise] is the article's.
/// - [dae.noise.Noises] finds them by word; a new one is a file and a line in its list.
///
/// Decision: a kind is known by its word everywhere (option, settings, model file, kernel's
/// argument), so that none of these places changes when a kind is added. What is drawn is a
/// function of the run's key and the image's index, never of threads or order.
package dae.noise;
