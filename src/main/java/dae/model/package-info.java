/// The networks, what they learn, their files and their description.
///
/// - A [dae.model.Network] makes clean images ([dae.model.Cleaned]) of what it sees
///   ([dae.model.Seen]): plain calls that record its tape. [dae.model.ArticleNetwork] is the
///   article's, [dae.model.ResidualNetwork] the same with a global skip; [dae.model.PlainNetwork],
///   [dae.model.DenseNetwork], [dae.model.EdsrNetwork] and [dae.model.UNet] find the noise at half
///   the image's size. [dae.model.RestoreNetwork] repaints what is damaged.
/// - [dae.model.Networks] finds them by word. A new one is a file and a line in its list.
/// - [dae.model.Denoising] is what is learnt: pixels → noise → network → [dae.model.Loss], with the
///   plans for it. [dae.model.Losses] finds losses by word.
/// - [dae.model.Checkpoint] is a model's weights as a safetensors file, which other programs can
///   read: the article's names are Keras' paths, the shapes Keras' layouts. The metadata carry the
///   network's word, and the shapes are checked against it.
/// - [dae.model.Imported] brings weights that another program has saved into a network: Keras'
///   files by the layers' kinds and order, PyTorch's state dicts by shapes and names.
/// - [dae.model.Models] finds models by name, built in or in the user's folder, with their cards.
/// - [dae.model.Summary] is a network's drawing and its table of layers.
///
/// Decision: nothing outside this package names one network, its channels or its sizes.
package dae.model;
