/// The kinds of damage that a network learns to undo, one file each: a word, a formula, and what
/// draws it.
///
/// - [dae.noise.Noise] is what everybody else holds: a chain of kinds, as its word says.
///   [dae.noise.Noises] finds it by that word; a new kind is a file and an entry in its list.
///   [dae.noise.Levels] is how strong it is, where that can be said.
/// - A Pixelwise kind looks at one pixel at a time. Its op calls a kernel of
///   [dae.kernel.DataKernels], whose formulas are [dae.kernel.PixelNoise]'s.
/// - A Painter looks at more than one, and paints on a [dae.image.Canvas] before an image comes to
///   the engine. Pixelwise kinds in front of one are painted too, by the same formulas and draws.
///
/// | word | what it is |
/// |---|---|
/// | `gaussian` | the article's, of one strength or of a range |
/// | `poisson` | of single photons |
/// | `salt-pepper` | lost pixels, black and white |
/// | `camera` | what a developed photograph keeps of its sensor's noise |
/// | `jpeg` | what saving costs |
/// | `soft` | what a camera leaves of its noise, soft and blotchy |
/// | `real` | a mix of camera, jpeg, soft, gaussian and nothing |
/// | `stains` | coffee: spills with a dark rim, rings of cups |
/// | `marker` | strokes of pens, markers and highlighters |
/// | `scratches` | thin lines, single or in near-vertical bundles |
/// | `dust` | specks and curled hairs |
/// | `creases` | folds with a shadow, a light and bare paper; tears from an edge |
/// | `fade` | contrast, black, tone curve, cast and vignette; hides nothing |
/// | `old-photo` | a mix of these but `fade`, one in ten untouched |
/// | `none` | nothing, to see what a model does to clean pictures |
///
/// Painted damage takes a share of the pictures that get it, such as `stains:0.3`.
///
/// What they do to a photograph: `java -jar target/dae-engine.jar noise --noise gaussian:0.1
/// --noise stains --preview sheet.png photo.jpg`.
///
/// Decision: a kind is known by its word everywhere (option, settings, model file, kernel's
/// argument), so that none of these places changes when a kind is added. What is drawn is a
/// function of the run's key, the image's index and the step in the chain, never of threads or
/// order; painters take roots and [StrictMath] alone, whose bits are the same everywhere.
package dae.noise;
