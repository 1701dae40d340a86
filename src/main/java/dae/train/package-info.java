/// A training run and what it leaves behind: the loop, its history, its measures and its pictures.
///
/// Decisions:
/// - **Measures are summed in double, image after image** ([dae.train.Metrics]), so that a model
///   has one MSE, whatever the batch size.
/// - **`history.csv` keeps all digits of the losses as plain decimals** and is rewritten as a whole
///   after every epoch, so that a resumed run continues the very same table.
/// - **A picture never ends a run.** Drawing can fail on a server without fonts;
///   [dae.train.Drawing] turns every such failure into one `IOException` to warn about.
package dae.train;
