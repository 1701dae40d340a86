/// What people look at: pictures of a run and of an evaluation. It listens to `train`, which does
/// not know it.
///
/// - [dae.report.Pictures] draws a run's two pictures after every epoch: [dae.report.Figure], rows
///   of original, noisy and denoised images, and [dae.report.LossPlot], the curve.
/// - [dae.report.Drawing] writes a picture as PNG.
/// - [dae.report.PictureCsv] writes what was measured of whole pictures, a row for each.
///
/// Decision: **a picture never ends a run.** Drawing can fail on a server without fonts;
/// [dae.report.Drawing] turns every such failure into one `IOException` to warn about.
package dae.report;
