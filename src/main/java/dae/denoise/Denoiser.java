package dae.denoise;

import dae.UserError;
import dae.backend.Backends;
import dae.image.Buffered;
import dae.image.Picture;
import dae.kernel.Backend;
import dae.model.Checkpoint;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantLock;

/// Cleans pictures of any size with a trained model: files, `BufferedImage`s, arrays.
///
/// ```java
/// try (Denoiser denoiser = Denoiser.open("photo")) {
///   denoiser.clean(Path.of("photo.jpg"), Path.of("clean.jpg"));
///   BufferedImage clean = denoiser.clean(image);
/// }
/// ```
///
/// A picture larger than a tile is cleaned tile by tile, with the bits of the whole ([Tiles]). The
/// plan of a size is kept for the next picture, so a denoiser that cleans many is opened once.
///
/// **Threads.** Any number may call one denoiser. Files are read and written side by side; pictures
/// are computed one after the other, in the order of the calls, each with all cores, so that one
/// picture's memory is all there is and results are the same bits as with one thread.
///
/// **To stop** a cleaning, interrupt its thread, as `Future.cancel(true)` does, or throw something
/// from its [Progress]. A call that is interrupted ends after the tile under way, in a second or
/// so, with a [CancellationException]; the thread stays interrupted, the denoiser is good for the
/// next picture, and no file is left behind.
///
/// **Errors.** Whatever does not fit, such as a damaged file or too little memory, is a [UserError]
/// whose message is one line for people.
///
/// A program starts with `--add-modules jdk.incubator.vector`; without it the slow scalar kernels
/// compute, and a warning is logged.
///
/// @since 0.1.0
public final class Denoiser implements AutoCloseable {
  /// Pixels of a tile in each direction, at most. Smaller ones compute more pixels twice, larger
  /// ones take more memory (bench/NOTES.md).
  private static final int TILE = 1536;

  private final TiledModel model;
  private final Backend owned;

  /// Fair: pictures in the order of their calls.
  private final ReentrantLock lock = new ReentrantLock(true);

  private boolean closed;

  /// @param most pixels of a tile in each direction, as far as the network lets it be so small
  Denoiser(Checkpoint checkpoint, Backend backend, int most) {
    this(new TiledModel(checkpoint, backend, most), null);
  }

  /// @param owned the backend, where it is to be closed with this; null where it stays open
  private Denoiser(TiledModel model, Backend owned) {
    this.model = model;
    this.owned = owned;
  }

  /// Opens a model that comes with the program, on all cores.
  ///
  /// @param model its name: `photo` for photographs, `cifar`, `article`
  /// @return a denoiser to be closed
  /// @throws UserError that lists the names, if it is none of them
  public static Denoiser open(String model) {
    return open(Checkpoint.builtIn(model));
  }

  /// Opens a model file, on all cores.
  ///
  /// @param model what `train` has saved, such as `runs/first/best.safetensors`
  /// @return a denoiser to be closed
  /// @throws UserError if it cannot be read or is no model
  public static Denoiser open(Path model) {
    return open(Checkpoint.load(model));
  }

  private static Denoiser open(Checkpoint checkpoint) {
    Backend backend =
        Backends.processor(
            Runtime.getRuntime().availableProcessors(),
            note -> System.getLogger("dae.denoise").log(System.Logger.Level.WARNING, note));
    try {
      return new Denoiser(new TiledModel(checkpoint, backend, TILE), backend);
    } catch (RuntimeException | Error e) {
      backend.close();
      throw e;
    }
  }

  /// Opens a model on a backend of the caller's, such as a device. Takes the memory of the weights;
  /// that of plans is taken as pictures need it.
  ///
  /// @param checkpoint the model
  /// @param backend to compute on; stays open
  /// @return a denoiser to be closed before the backend
  /// @throws UserError if it is no model of RGB pictures
  public static Denoiser open(Checkpoint checkpoint, Backend backend) {
    return new Denoiser(checkpoint, backend, TILE);
  }

  /// Cleans a picture file, as `denoise` does: what else is in it is kept, the clean one is written
  /// whole or not at all, and one that is clean already is left as it is.
  ///
  /// @param in a PNG, JPEG, TIFF, BMP, GIF or WebP
  /// @param out a new file in a folder that is there; its name says whether PNG, JPEG, TIFF or BMP
  /// @return what the user should know, a line each: how noisy it was, warnings
  /// @throws UserError if it cannot be read, cleaned or written
  /// @throws CancellationException if the thread is interrupted
  public List<String> clean(Path in, Path out) {
    return clean(in, out, Options.USUAL);
  }

  /// The same, with options.
  ///
  /// @param in a PNG, JPEG, TIFF, BMP, GIF or WebP
  /// @param out the file to write, another one; new unless [Options#overwrite] is given
  /// @param options strength and so on
  /// @return what the user should know, a line each: how noisy it was, warnings
  /// @throws UserError if it cannot be read, cleaned or written
  /// @throws CancellationException if the thread is interrupted
  public List<String> clean(Path in, Path out, Options options) {
    requireNotCancelled();
    Cleaning.format(out);
    if (Cleaning.isSame(in, out)) {
      throw new UserError(
          in + ": expected another file to write to, got the picture itself — name another");
    }
    if (Files.exists(out, LinkOption.NOFOLLOW_LINKS) && !options.overwrite()) {
      throw new UserError(
          out + ": expected no such file, got one — name another, or allow to overwrite it");
    }
    Cleaning cleaning = new Cleaning(options, null, Cleaning.Shows.CLEAN);
    Cleaning.Cleaned cleaned = cleaning.clean(Cleaning.load(in), this);
    cleaning.write(cleaned, out);
    return cleaned.notes();
  }

  /// Cleans an image. Its type, depth, profile and opacities stay; palettes, CMYK and colours
  /// multiplied by their opacity become plain RGB.
  ///
  /// @param noisy of any type with whole numbers of up to 16 bits; not changed
  /// @return a new image of the same size
  /// @throws UserError if memory cannot hold what it takes, or the model is damaged
  /// @throws CancellationException if the thread is interrupted
  public BufferedImage clean(BufferedImage noisy) {
    return clean(noisy, Options.USUAL);
  }

  /// The same, with options.
  ///
  /// @param noisy of any type with whole numbers of up to 16 bits; not changed
  /// @param options strength and so on
  /// @return a new image of the same size
  /// @throws UserError if memory cannot hold what it takes, or the model is damaged
  /// @throws CancellationException if the thread is interrupted
  public BufferedImage clean(BufferedImage noisy, Options options) {
    Buffered buffered = Buffered.of(noisy);
    return buffered.with(clean(buffered.picture(), options));
  }

  /// Cleans an array.
  ///
  /// @param noisy height × width × 3 values, 0 to 1: rows from top to bottom, red, green and blue
  ///   of each pixel side by side; not changed
  /// @param height rows
  /// @param width columns
  /// @return a new array of the same layout, 0 to 1
  /// @throws IllegalArgumentException if the length does not fit, or a value is not finite
  /// @throws UserError if memory cannot hold what it takes, or the model is damaged
  /// @throws CancellationException if the thread is interrupted
  public float[] clean(float[] noisy, int height, int width) {
    return clean(noisy, height, width, Options.USUAL);
  }

  /// The same, with options.
  ///
  /// @param noisy height × width × 3 values, 0 to 1, as above; not changed
  /// @param height rows
  /// @param width columns
  /// @param options strength and so on
  /// @return a new array of the same layout, 0 to 1
  /// @throws IllegalArgumentException if the length does not fit, or a value is not finite
  /// @throws UserError if memory cannot hold what it takes, or the model is damaged
  /// @throws CancellationException if the thread is interrupted
  public float[] clean(float[] noisy, int height, int width, Options options) {
    for (float value : noisy) {
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException("denoise: expected values from 0 to 1, got " + value);
      }
    }
    float[] clean = clean(new Picture(height, width, noisy, null), options).rgb();
    for (int i = 0; i < clean.length; i++) {
      clean[i] = Math.clamp(clean[i], 0f, 1f);
    }
    return clean;
  }

  /// The model.
  ///
  /// @return with what is known of its training
  public Checkpoint checkpoint() {
    return model.checkpoint();
  }

  /// Cleans a picture. Its opacities stay as they are, and so do colours under an opacity of 0;
  /// grey stays grey.
  ///
  /// @param noisy the picture; not changed
  /// @return a new picture of the same size and depth, which shares the array of opacities
  /// @throws UserError if memory cannot hold what it takes, or the model is damaged
  /// @throws CancellationException if the thread is interrupted
  public Picture clean(Picture noisy) {
    return clean(noisy, Options.USUAL);
  }

  /// The same, with options.
  ///
  /// @param noisy the picture; not changed
  /// @param options strength and so on
  /// @return a new picture of the same size and depth, which shares the array of opacities
  /// @throws UserError if memory cannot hold what it takes, or the model is damaged
  /// @throws CancellationException if the thread is interrupted
  public Picture clean(Picture noisy, Options options) {
    return cleaned(noisy, options).picture();
  }

  /// The same, with what else is known of the change.
  CleanPicture cleaned(Picture noisy, Options options) {
    enter();
    try {
      return model.clean(noisy, options);
    } finally {
      lock.unlock();
    }
  }

  /// Cleans a picture in all eight orientations and takes the mean (self-ensemble, Timofte et al.
  /// 2016): a little closer to the truth, in eight times the time; the sum takes 12 bytes a pixel
  /// more. A picture that was turned or mirrored before comes out turned or mirrored, but for
  /// rounding.
  ///
  /// @param noisy the picture; not changed
  /// @return a new picture of the same size and depth, which shares the array of opacities
  /// @throws UserError if memory cannot hold what it takes, or the model is damaged
  /// @throws CancellationException if the thread is interrupted
  public Picture cleanEnsemble(Picture noisy) {
    return clean(noisy, Options.USUAL.withEnsemble(true));
  }

  /// Where the model repaints a picture.
  ///
  /// @param noisy the picture; not changed
  /// @return a grey picture of the same size and depth, from 0, as it was, to 1, repainted
  /// @throws UserError if the model does not say, or memory cannot hold what it takes
  /// @throws CancellationException if the thread is interrupted
  public Picture mask(Picture noisy) {
    enter();
    try {
      return model.mask(noisy, null);
    } finally {
      lock.unlock();
    }
  }

  /// Whether the model repaints damage and says where: it finds what is no noise.
  ///
  /// @return whether [#mask] has an answer
  public boolean hasMask() {
    return model.hasMask();
  }

  /// Waits until the pictures before are done.
  private void enter() {
    if (lock.isHeldByCurrentThread()) {
      throw new IllegalStateException(
          "denoiser: expected no call while it reports its progress, got one — call it afterwards");
    }
    try {
      lock.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw cancelled();
    }
    if (closed) {
      lock.unlock();
      throw new IllegalStateException(
          "denoiser: expected an open one, got one that was closed — open another");
    }
  }

  static void requireNotCancelled() {
    if (Thread.currentThread().isInterrupted()) {
      throw cancelled();
    }
  }

  static CancellationException cancelled() {
    return new CancellationException("denoise: the thread was interrupted");
  }

  /// Gives back the memory of plans, for whoever needs it between two pictures; the next picture
  /// takes it again.
  public void rest() {
    enter();
    try {
      model.rest();
    } finally {
      lock.unlock();
    }
  }

  /// Gives all memory back, after the pictures that are under way; a backend of the caller's stays
  /// open.
  @Override
  public void close() {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        model.close();
        if (owned != null) {
          owned.close();
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
