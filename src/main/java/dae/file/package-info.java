/// Files that are either the old whole one or the new whole one, and the format of model weights
/// (safetensors). The formats of pictures are in [dae.image].
///
/// - [dae.file.Safetensors] is such a file as a whole.
/// - [dae.file.Stateful] is whatever a run keeps between two starts; it puts its own into
///   [dae.file.Tensors] and takes it out again.
/// - [dae.file.Json] reads what is JSON, strictly.
/// - [dae.file.PlainFile] opens what is to be read, and nothing that has no end.
/// - [dae.file.Reason] has the words of an exception.
///
/// Decisions:
/// - **Every file is written beside its target and renamed over it** ([dae.file.AtomicFile]), so
///   that a full disk, a kill or a power cut never leaves half a file under the real name.
/// - **safetensors by hand, float32 and float16.** The format is eight bytes, a JSON header and raw
///   values; everything that is not a tensor (steps, seeds, settings) fits in its string metadata.
/// - **What is written carries a checksum** ([dae.file.Checksum]): a bit that flips on a disk would
///   else become another weight, and nobody would see it.
/// - **A file is judged before anything is allocated for it.** A damaged one ends in one line that
///   names it.
/// - A leaf: it imports nothing of ours but what lies in `dae`.
package dae.file;
