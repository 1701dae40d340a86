/// Weights that Keras has saved, read without Keras: [dae.keras.KerasFile] is such a file, of
/// either generation, [dae.keras.KerasLayer] one of its layers. Which network they fit is
/// [dae.model]'s to say.
///
/// Decisions:
/// - **HDF5 by a library, and behind a guard** (Hdf5): the format has many generations, and a file
///   may lie. So it is in memory as a whole, links are refused before they are followed, values lie
///   in one piece as Keras writes them, all of them together are no more than the file, and
///   whatever the library throws is one line.
/// - **Nothing is guessed from values**: what a layer is, is in its name and in the shapes of its
///   weights. Activations, strides and batch norm's ε are not in such a file.
package dae.keras;
