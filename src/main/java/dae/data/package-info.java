/// Images in memory, and how they get there. Knows nothing of the engine; of ours it imports
/// [dae.image], [dae.random], [dae.UserError] and [dae.Heap].
///
/// [dae.data.Datasets] opens a set by name; [dae.data.Holdout] sets some of its training images
/// aside to choose by. Several sets are mixed by weight ([dae.data.Weighted]).
/// [dae.data.PictureFiles] lists a folder's pictures, [dae.data.PicturePairs] those that are there
/// noisy and clean.
///
/// **What an epoch shows** is an [dae.data.ImageSource]: [dae.data.Images] in memory, or crops of
/// photographs that are cut anew each time ([dae.data.PictureCrops]); so memory does not depend on
/// how many photographs there are. [dae.data.Cut] says how large the crops are.
///
/// **Bytes, not floats.** [dae.data.Images] are interleaved RGB bytes in one array: all of
/// CIFAR-100 is 184 MB. The consumer turns a batch into clean and noisy floats itself, so the
/// reader thread of [dae.data.Batches] only copies, mirrored and turned where asked, and lets
/// [dae.data.Damage] be painted on the copy where there is any.
///
/// **A split at a time.** [dae.data.Dataset] loads a split when it is asked for: evaluating on
/// CIFAR-10's test split neither needs nor keeps its training files. Only an archive's training
/// images bring the test images along, so that it is unpacked once.
///
/// **Nothing is trusted.** Archives are read, never extracted: known names, regular files, bounded
/// expansion, whole records, labels in range ([dae.data.Cifar]). A folder's pictures
/// ([dae.data.ImageFolder]) are inspected first and decoded later, one at a time
/// ([dae.image.PictureFile]). Whatever does not fit is one [dae.UserError] line that says what to
/// do; [dae.file.Reason] has the words of an exception.
///
/// **Nothing is downloaded unasked.** [dae.data.Fetch] runs when the user says so; without any data
/// there are the generated [dae.data.DeadLeaves].
package dae.data;
