package dae.train;

import dae.Heap;
import dae.data.PictureFiles;
import dae.data.PicturePairs;
import dae.image.Canvas;
import dae.image.PictureFile;
import dae.noise.Noise;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Whole pictures to measure a model on, each as it should be and as the model gets to see it. Only
/// names are kept; a picture is read when it is asked for.
public sealed interface PictureSet {
  /// Bytes of each pixel while a picture is read: the clean and the noisy one in 8 bits, and as it
  /// is decoded. Cleaning takes more, which who cleans asks for.
  int READING = 2 * 3 + 4 * Short.BYTES;

  /// The same while it is damaged: in 8 bits, as a [Canvas], and twice what noise is drawn into.
  int DAMAGING = 2 * 3 + 4 * Float.BYTES + 2 * 3 * Float.BYTES;

  /// What the pictures are called; their order numbers them.
  List<String> names();

  /// What was done to them, in a word.
  String noise();

  /// Reads a picture.
  ///
  /// @param makeRoom called where the heap does not hold it
  /// @throws IOException if it cannot be read or is of no use
  /// @throws dae.UserError if the heap does not hold it even then
  Sample read(int number, Runnable makeRoom) throws IOException;

  /// A picture in memory.
  ///
  /// @param height rows
  /// @param width columns
  /// @param clean height × width × 3 bytes, interleaved
  /// @param noisy likewise
  /// @param cover how far each pixel is covered, height × width from 0 to 1; null where that is not
  ///   known
  record Sample(int height, int width, byte[] clean, byte[] noisy, float[] cover) {}

  /// Pictures of a folder, to which noise is added: to each the same in every evaluation, by its
  /// number.
  ///
  /// @param folder in which they are
  /// @param files as [PictureFiles#in] lists them
  /// @param damage what is done to them
  record Damaged(Path folder, List<Path> files, Noise damage) implements PictureSet {
    @Override
    public List<String> names() {
      return files.stream().map(file -> PictureFiles.name(folder, file)).toList();
    }

    @Override
    public String noise() {
      return damage.word();
    }

    @Override
    public Sample read(int number, Runnable makeRoom) throws IOException {
      PictureFile file = inspect(files.get(number), DAMAGING, makeRoom);
      byte[] clean = file.rgb();
      byte[] noisy = new byte[clean.length];
      Canvas canvas = new Canvas(file.height(), file.width());
      canvas.read(clean, 0);
      damage.paintAll(canvas, Evaluation.NOISE_SEED, 0, number);
      canvas.write(noisy, 0);
      return new Sample(file.height(), file.width(), clean, noisy, canvas.cover());
    }
  }

  /// Pictures that are there noisy and clean.
  ///
  /// @param pairs as [PicturePairs#of] finds them
  record Pairs(List<PicturePairs.Pair> pairs) implements PictureSet {
    @Override
    public List<String> names() {
      return pairs.stream().map(PicturePairs.Pair::name).toList();
    }

    @Override
    public String noise() {
      return "pairs";
    }

    @Override
    public Sample read(int number, Runnable makeRoom) throws IOException {
      PictureFile noisy = inspect(pairs.get(number).noisy(), READING, makeRoom);
      PictureFile clean = inspect(pairs.get(number).clean(), READING, makeRoom);
      if (noisy.height() != clean.height() || noisy.width() != clean.width()) {
        throw new IOException(
            "%d×%d pixels noisy, %d×%d clean"
                .formatted(noisy.width(), noisy.height(), clean.width(), clean.height()));
      }
      return new Sample(clean.height(), clean.width(), clean.rgb(), noisy.rgb(), null);
    }
  }

  private static PictureFile inspect(Path path, int bytesPerPixel, Runnable makeRoom)
      throws IOException {
    PictureFile file = PictureFile.inspect(path, Ssim.WINDOW);
    long bytes = (long) file.height() * file.width() * bytesPerPixel;
    if (!Heap.holds(bytes)) {
      makeRoom.run();
    }
    if (!Heap.holds(bytes)) {
      String what = "a picture of %d × %d".formatted(file.width(), file.height());
      throw Heap.tooSmall(path.toString(), what, bytes, "cut it into pieces");
    }
    return file;
  }
}
