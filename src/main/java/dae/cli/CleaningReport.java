package dae.cli;

import dae.UserError;
import dae.denoise.Cleaning;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/// What is said about a batch: each target on stdout, all else on stderr. Two threads report.
final class CleaningReport {
  private static final double NANOS = 1e-9;
  private static final int MINUTE = 60;

  /// The share of the work after which its whole time can be guessed.
  private static final double KNOWN = 0.01;

  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean quiet;
  private final ProgressLine progress;
  private final int total;
  private final long allBytes;
  private final List<String> refused;
  private final long start = System.nanoTime();
  private int cleaned;
  private int skipped;
  private int ended;
  private long bytes;
  private double megapixels;

  /// @param quiet whether only warnings and refusals are said
  /// @param jobs all there are
  /// @param refused what was refused before, one line each
  CleaningReport(
      PrintWriter out,
      PrintWriter err,
      boolean quiet,
      List<CleaningJob> jobs,
      List<String> refused) {
    this.out = out;
    this.err = err;
    this.quiet = quiet;
    progress = new ProgressLine(err, !quiet && Terminal.isStderr());
    total = jobs.size();
    allBytes = jobs.stream().mapToLong(CleaningJob::bytes).sum();
    this.refused = new ArrayList<>(refused);
  }

  /// A picture has been written.
  synchronized void done(CleaningJob job, Cleaning.Cleaned picture) {
    cleaned++;
    megapixels += picture.loaded().megapixels();
    progress.clear();
    if (job.target() != null && !quiet) {
      out.println(job.target());
      out.flush();
    }
    for (String note : picture.notes()) {
      if (!quiet || note.startsWith(Cleaning.WARNING)) {
        err.println(job.name() + ": " + note);
      }
    }
    ended(job);
  }

  /// A picture could not be cleaned.
  synchronized void refused(CleaningJob job, UserError reason) {
    refused.add(reason.getMessage());
    ended(job);
  }

  /// A picture whose target was made by another start.
  synchronized void skipped(CleaningJob job) {
    skipped++;
    ended(job);
  }

  private void ended(CleaningJob job) {
    ended++;
    bytes += job.bytes();
    if (total > 1 && !quiet && !progress.isVisible()) {
      err.println(line());
    }
    if (total > 1) {
      progress.show(this::line);
    }
    err.flush();
  }

  /// `[####----] 50% 20/40 pictures 3.1 MP/s 1:20 left`
  private String line() {
    double seconds = Math.max(NANOS * (System.nanoTime() - start), 1e-3);
    double share = allBytes == 0 ? (double) ended / total : (double) bytes / allBytes;
    long rest = Math.round(seconds / Math.max(share, KNOWN) - seconds);
    return "%s  %d/%d pictures  %.2f MP/s  %s left"
        .formatted(
            ProgressLine.bar(share),
            ended,
            total,
            megapixels / seconds,
            share < KNOWN ? "?" : "%d:%02d".formatted(rest / MINUTE, rest % MINUTE));
  }

  /// Ends the report.
  ///
  /// @param model where it comes from; null if there was nothing to clean
  /// @param before pictures whose targets were there already
  /// @param interrupted whether pictures are left
  /// @throws UserError if the only picture was refused
  synchronized void end(String model, int before, boolean interrupted) {
    progress.clear();
    if (total <= 1 && before == 0 && refused.size() == 1 && cleaned == 0) {
      throw new UserError(refused.getFirst());
    }
    int left = before + skipped;
    if (!quiet) {
      if (model != null) {
        err.println("model   " + model);
      }
      if (total + before + refused.size() > 1) {
        err.printf(
            "done    %d cleaned%s%s%s%n",
            cleaned,
            left == 0 ? "" : ", %d skipped, as their targets are there".formatted(left),
            refused.isEmpty() ? "" : ", %d refused".formatted(refused.size()),
            interrupted ? ", %d left".formatted(total - ended) : "");
      }
    }
    refused.forEach(err::println);
    err.flush();
  }

  /// Whether any picture was refused.
  synchronized boolean hasRefused() {
    return !refused.isEmpty();
  }
}
