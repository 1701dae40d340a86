/// A training run and what it leaves behind: the loop, its history and its measures.
///
/// - [dae.train.Trainer] is the loop and knows no files. [dae.train.TrainerDraft] is asked for its
///   bytes first; [dae.train.GradientExchange] is where other machines take part; a loss that is
///   not finite ends in [dae.train.Diverged].
/// - [dae.train.Run] keeps what it makes in a [dae.train.RunFolder] of [dae.train.RunFile]s, which
///   a [dae.train.RunLock] keeps for one process, and tells every [dae.train.Listener];
///   [dae.train.History] is its table.
/// - [dae.train.Settings] decide a result, with a [dae.train.Recipe]; [dae.train.Recipes] has them
///   by name; [dae.train.SettingsFile] is their form on disk.
/// - [dae.train.Evaluation] measures, by [dae.train.Metrics] and [dae.train.Ssim]; on demand the
///   mean of eight orientations ([dae.train.Ensemble]). [dae.train.BaselineEvaluation] measures the
///   textbooks' denoisers on the same images, [dae.train.PictureEvaluation] models on the whole
///   pictures of a [dae.train.PictureSet], each a [dae.train.PictureResult], all of them
///   [dae.train.PictureResults]. A [dae.train.Score] is a row of the table, its intervals by
///   [dae.train.Bootstrap].
///
/// Decisions:
/// - **A result is a function of [dae.train.Settings] and the images.** Order and noise are keyed
///   by seed and epoch, counted from 0, so [dae.train.RunState] holds no generator, and a stopped
///   and resumed run ends with the bits of an unbroken one. What would change them cannot be
///   changed on resume.
/// - **What is saved need not be what is trained.** A [dae.train.Recipe] may ask for an average of
///   the weights or for fresh statistics ([dae.train.BatchStatistics]): they go into a copy that is
///   validated and saved, and training goes on as if they were not there.
/// - **Validation noise has a seed of its own**, the same for every run, so that losses of
///   different epochs and runs can be compared and `evaluate` finds the MSE of the history again.
/// - **Weights first.** After an epoch the best weights are written, then the last, then the state,
///   then the table, then what listeners make; what cannot be written is a warning, and tried again
///   after the next epoch.
/// - **A loss or gradient that is not finite ends the run**, with the weights of the batch before:
///   Adam's kernel leaves its own values alone, and [dae.train.StepGuard] puts the rest back. So
///   does a validation or a statistic that is not, and then nothing is saved over what was good.
/// - **Two states, and the first before anything is learnt.** Whenever a run is ended there is one
///   to go on from, and one that is damaged has another before it. Saving within an epoch
///   ([dae.train.Pause]) keeps what a stop would.
/// - **A file is known by what is in it**: a model or state of other settings, or of an MSE that
///   the run does not know, is another's ([dae.train.BestModel]), and is not written over.
/// - **Measures are summed in double, image by image** ([dae.train.Metrics]), so that a model has
///   one MSE, whatever the batch size. Whole pictures are compared as files would hold them, in 8
///   bits and exact integers.
/// - **`history.csv` keeps all digits of the losses as plain decimals** and is rewritten as a whole
///   after every epoch, so that a resumed run continues the very same table.
package dae.train;
