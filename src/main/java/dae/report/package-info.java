/// What people look at: pictures of a run and of an evaluation. It listens to `train`, which does
/// not know it.
///
/// - [dae.report.Pictures] draws a run's two pictures after every epoch: [dae.report.Figure], rows
///   of original, noisy and denoised images, and [dae.report.LossPlot], the curve.
/// - [dae.report.Drawing] writes a picture as PNG.
/// - [dae.report.RunReport] keeps a run's report up to date, one page for a browser, and what it
///   shows in `report/` beside it; [dae.report.RunRecord] reads a run's folder back, and
///   [dae.report.Page] writes the page from it, of one run or several over one another.
/// - [dae.report.PictureCsv] has what was measured of whole pictures, a row for each;
///   [dae.report.ScoreCsv] test images likewise, and the means with their intervals.
///
/// Decisions:
/// - **A picture never ends a run.** Drawing can fail on a server without fonts;
///   [dae.report.Drawing] turns every such failure into one `IOException` to warn about, and a
///   report that cannot be written is a warning too.
/// - **A report is drawn from files alone**, also while its run goes on: what a resumed run or the
///   command `report` shows is what the run has shown. A page refers to nothing outside of itself,
///   and a policy in its head forbids it.
/// - **Curves are SVG without words**, stretched to the page; words and numbers stand around them
///   as text, so that they are as large on a telephone as on a screen.
package dae.report;
