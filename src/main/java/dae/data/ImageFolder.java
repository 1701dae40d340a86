package dae.data;

import dae.UserError;
import dae.file.Reason;
import dae.random.Draws;
import dae.random.Streams;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The pictures of a folder and its subfolders, cut into images of one size.
///
/// - **Split** by file, so that no picture is in both: ordered by a hash of their paths, the first
///   tenth (at least one) is for testing.
/// - **Training** crops lie at other random places in every epoch ([PictureCrops]).
/// - **Test** crops are the same for all runs: their places depend on the file's path and the
///   crop's number alone. Each picture gives as many as tiles fit into it; if all of them took more
///   than [#MOST_TEST] bytes, all pictures give proportionally fewer, but at least one.
///
/// A file that cannot be used is one warning and is left out. Pixels are taken as they are: photos
/// straight from a camera have noise of their own, and serve better scaled down.
final class ImageFolder implements Dataset {
  private static final int MOST_TEST = 30_720_000;
  private static final int WARNINGS_SHOWN = 10;

  /// Part of what the data set is: runs with different seeds see the same crops.
  private static final long SEED = 32;

  private final String folder;
  private final Supplier<List<PicturePairs.Pair>> files;
  private final Cut cut;
  private final Consumer<String> warnings;
  private int skipped;
  private List<FolderPicture> pictures;
  private ImageSource training;
  private Images test;

  private ImageFolder(
      String folder, Supplier<List<PicturePairs.Pair>> files, Cut cut, Consumer<String> warnings) {
    this.folder = folder;
    this.files = files;
    this.cut = cut;
    this.warnings = warnings;
  }

  /// Pictures alone.
  static ImageFolder of(Path folder, Cut cut, Consumer<String> warnings) {
    return new ImageFolder(
        folder.toString(),
        () ->
            PictureFiles.in(folder, warnings).stream()
                .map(file -> new PicturePairs.Pair(PictureFiles.name(folder, file), null, file))
                .toList(),
        cut,
        warnings);
  }

  /// Pictures that are there noisy and clean.
  static ImageFolder pairs(String noisy, String clean, Cut cut, Consumer<String> warnings) {
    return new ImageFolder(
        clean + " and " + noisy, () -> PicturePairs.of(noisy, clean, warnings), cut, warnings);
  }

  @Override
  public String name() {
    return folder;
  }

  @Override
  public String describe() {
    return "%1$d×%1$d crops of the pictures in %2$s".formatted(cut.patch(), folder);
  }

  @Override
  public synchronized ImageSource training() {
    if (training == null) {
      List<FolderPicture> all = pictures();
      training =
          new PictureCrops(
              all.subList(forTest(all), all.size()),
              cut,
              (picture, e) -> skip(picture.clean().path(), e));
    }
    return training;
  }

  @Override
  public synchronized Images test() {
    if (test == null) {
      List<FolderPicture> all = pictures();
      test = crops(all.subList(0, forTest(all)));
    }
    return test;
  }

  private static int forTest(List<FolderPicture> all) {
    return Math.max(1, all.size() / 10);
  }

  private List<FolderPicture> pictures() {
    if (pictures == null) {
      List<FolderPicture> found = new ArrayList<>();
      for (PicturePairs.Pair file : files.get()) {
        try {
          found.add(FolderPicture.inspect(file.name(), file.clean(), file.noisy(), cut.patch()));
        } catch (IOException e) {
          skip(file.clean(), e);
        }
      }
      if (skipped > WARNINGS_SHOWN) {
        warnings.accept("%d pictures in %s were left out".formatted(skipped, folder));
      }
      if (found.size() < 2) {
        throw new UserError(
            ("%1$s: expected at least 2 pictures of %2$d×%2$d pixels or more,"
                    + " got %3$d%4$s — add pictures, name another folder or take a smaller --patch")
                .formatted(
                    folder,
                    cut.patch(),
                    found.size(),
                    skipped > 0 ? " and " + skipped + " unusable" : ""));
      }
      found.sort(
          Comparator.comparingLong(FolderPicture::hash)
              .thenComparing(picture -> picture.clean().path()));
      pictures = List.copyOf(found);
    }
    return pictures;
  }

  private Images crops(List<FolderPicture> from) {
    int most = Math.max(1, MOST_TEST / cut.bytes());
    long tiles = from.stream().mapToLong(picture -> tiles(picture)).sum();
    double share = Math.min(1, (double) most / tiles);
    long wanted = from.stream().mapToLong(picture -> count(picture, share)).sum();
    int count = (int) Math.min(wanted, most);
    byte[] pixels = Images.room(folder, count * cut.bytes());
    boolean pairs = from.getFirst().noisy() != null;
    byte[] noisy = pairs ? Images.room(folder, pixels.length) : null;
    int filled = 0;
    for (FolderPicture picture : from) {
      if (filled < pixels.length) {
        filled = cut(picture, count(picture, share), pixels, noisy, filled);
      }
    }
    if (filled == 0) {
      throw new UserError(
          ("%s: expected pictures that can be decoded, got none for one of the splits"
                  + " — remove the damaged files")
              .formatted(folder));
    }
    return new Images(cut.patch(), cut.patch(), pixels, noisy).first(filled / cut.bytes());
  }

  private int tiles(FolderPicture picture) {
    return new Cut(cut.patch(), 0).of(picture.clean().height(), picture.clean().width());
  }

  private long count(FolderPicture picture, double share) {
    return Math.max(1, (long) (tiles(picture) * share));
  }

  private int cut(FolderPicture picture, long count, byte[] pixels, byte[] noisy, int filled) {
    FolderPicture.Pixels decoded;
    try {
      decoded = picture.decode();
    } catch (IOException e) {
      skip(picture.clean().path(), e);
      return filled;
    }
    Draws draws =
        new Draws(SEED, Streams.CROPS, (int) picture.hash(), (int) (picture.hash() >>> 32));
    for (long i = 0; i < count && filled < pixels.length; i++) {
      decoded.crop(draws, cut.patch(), pixels, noisy, filled);
      filled += cut.bytes();
    }
    return filled;
  }

  private void skip(Path file, IOException reason) {
    skipped++;
    if (skipped <= WARNINGS_SHOWN) {
      warnings.accept("%s left out: %s".formatted(file, Reason.of(reason)));
    }
  }
}
