package dae.cli;

import dae.DeviceError;
import dae.Heap;
import dae.UserError;
import dae.denoise.Cleaning;
import dae.denoise.Denoiser;
import dae.image.PictureFile;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Cleans one picture after the other. While one is computed, the next is read and the last is
/// written, unless they are large: then memory is worth more than the time. The first is read from
/// the start on, so that it is there when the model is.
final class CleaningBatch implements AutoCloseable {
  /// What a picture takes at most that is read or written beside another: its samples as they are
  /// decoded and as ours, and as a file.
  private static final long BYTES_PER_PIXEL = 25;

  /// Of the heap, for one that is read ahead, and for one that waits to be written.
  private static final long SHARE = 8;

  /// Megapixels from which on memory is worth a collection, which takes a tenth of a second or two.
  private static final double LARGE = 10;

  private final Cleaning cleaning;
  private final CleaningReport report;
  private final Deque<CleaningJob> left;
  private final ExecutorService reader = thread("reader");
  private final ExecutorService writer = thread("writer");
  private Future<Cleaning.Loaded> ahead;

  CleaningBatch(Cleaning cleaning, List<CleaningJob> jobs, CleaningReport report) {
    this.cleaning = cleaning;
    this.report = report;
    left = new ArrayDeque<>(jobs);
    ahead = readAhead();
  }

  /// Cleans what is left. A picture that fails is reported, and the next one is taken.
  ///
  /// @param stop asked before each picture
  /// @throws DeviceError when the device fails; the picture is among those left then
  void run(Denoiser denoiser, BooleanSupplier stop) {
    Future<?> behind = null;
    while (!left.isEmpty() && !stop.getAsBoolean()) {
      CleaningJob job = left.removeFirst();
      if (job.isDone()) {
        report.skipped(job);
        ahead = readAhead();
        continue;
      }
      try {
        Cleaning.Loaded early = taken(ahead);
        ahead = null;
        if (early == null) {
          // Nothing else may need the memory meanwhile.
          behind = finished(behind);
        }
        Cleaning.Loaded loaded = early != null ? early : within(job, job::load);
        boolean large = loaded.megapixels() > LARGE;
        if (large) {
          // The file and what decoded it.
          Heap.collect();
        }
        ahead = readAhead();
        Cleaning.Cleaned cleaned = within(job, () -> cleaning.clean(loaded, denoiser));
        if (large) {
          // Encoders take memory too.
          denoiser.rest();
          Heap.collect();
        }
        behind = finished(behind);
        behind = writer.submit(() -> write(job, cleaned));
        if (!isSmall(1e6 * loaded.megapixels())) {
          behind = finished(behind);
        }
      } catch (DeviceError e) {
        left.addFirst(job);
        ahead = null;
        throw e;
      } catch (UserError e) {
        report.refused(job, e);
      }
    }
    finished(behind);
  }

  /// Ends the threads.
  @Override
  public void close() {
    reader.close();
    writer.close();
  }

  private static ExecutorService thread(String name) {
    return Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name(name).factory());
  }

  /// Starts to read the next picture, if it is small.
  private Future<Cleaning.Loaded> readAhead() {
    CleaningJob next = left.peekFirst();
    if (next == null || next.source() == null) {
      return null;
    }
    return reader.submit(() -> {
      PictureFile file = PictureFile.inspect(next.source(), 1);
      return isSmall((double) file.height() * file.width()) ? next.load() : null;
    });
  }

  private static boolean isSmall(double pixels) {
    return pixels * BYTES_PER_PIXEL * SHARE < Runtime.getRuntime().maxMemory();
  }

  /// What was read ahead; null where that was nothing or failed, perhaps because another picture
  /// took the memory: then it is read again, alone.
  private static Cleaning.Loaded taken(Future<Cleaning.Loaded> ahead) {
    try {
      return ahead == null ? null : ahead.get();
    } catch (ExecutionException e) {
      return null;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Future<?> finished(Future<?> behind) {
    try {
      if (behind != null) {
        behind.get();
      }
      return null;
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void write(CleaningJob job, Cleaning.Cleaned cleaned) {
    try {
      within(
          job,
          () -> {
            job.write(cleaning, cleaned);
            return null;
          });
      report.done(job, cleaned);
    } catch (UserError e) {
      if (job.isDone()) {
        report.skipped(job);
      } else {
        report.refused(job, e);
      }
    }
  }

  /// A file that lies about what it holds must not end the batch.
  private static <T> T within(CleaningJob job, Supplier<T> work) {
    try {
      return work.get();
    } catch (OutOfMemoryError e) {
      throw new UserError(
          "%s: expected a picture for a heap of %d MiB, got one that needs more — give Java more (java -Xmx…)"
              .formatted(job.name(), Runtime.getRuntime().maxMemory() >> 20),
          e);
    }
  }
}
