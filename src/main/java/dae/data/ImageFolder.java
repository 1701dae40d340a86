package dae.data;

import dae.UserError;
import dae.image.PictureFile;
import dae.random.Draws;
import dae.random.Streams;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/// The pictures of a folder and its subfolders, as crops of 32×32 pixels.
///
/// - **Split** by file, so that no picture is in both: ordered by a hash of their paths, the first
///   tenth (at least one) is for testing.
/// - **Crops**: each picture gives as many, at random places, as tiles of 32×32 fit into it. If
///   that were more than 50,000 for training or 10,000 for testing, the size of CIFAR, all pictures
///   give proportionally fewer, but at least one. So memory is bounded by 184 MB.
/// - Same files, same crops: their places depend on the file's path and the crop's number alone.
///
/// A file that cannot be used is one warning and is left out. Pixels are taken as they are: photos
/// straight from a camera are smoother than CIFAR's, and serve better scaled down.
final class ImageFolder implements Dataset {
  private static final int SIDE = 32;
  private static final int MOST_TRAINING = 50_000;
  private static final int MOST_TEST = 10_000;
  private static final int WARNINGS_SHOWN = 10;

  /// Part of what the data set is: runs with different seeds see the same crops.
  private static final long SEED = 32;

  private final Path folder;
  private final Consumer<String> warnings;
  private int skipped;
  private List<FolderPicture> pictures;
  private Images training;
  private Images test;

  ImageFolder(Path folder, Consumer<String> warnings) {
    this.folder = folder;
    this.warnings = warnings;
  }

  @Override
  public String name() {
    return folder.toString();
  }

  @Override
  public String describe() {
    return "32×32 crops of the pictures in " + folder;
  }

  @Override
  public synchronized Images training() {
    if (training == null) {
      List<FolderPicture> all = pictures();
      training = crops(all.subList(forTest(all), all.size()), MOST_TRAINING);
    }
    return training;
  }

  @Override
  public synchronized Images test() {
    if (test == null) {
      List<FolderPicture> all = pictures();
      test = crops(all.subList(0, forTest(all)), MOST_TEST);
    }
    return test;
  }

  private static int forTest(List<FolderPicture> all) {
    return Math.max(1, all.size() / 10);
  }

  private List<FolderPicture> pictures() {
    if (pictures == null) {
      List<FolderPicture> found = new ArrayList<>();
      for (Path file : PictureFiles.in(folder)) {
        try {
          found.add(FolderPicture.inspect(folder, file, SIDE));
        } catch (IOException e) {
          skip(file, e);
        }
      }
      if (skipped > WARNINGS_SHOWN) {
        warnings.accept("%d pictures in %s were left out".formatted(skipped, folder));
      }
      if (found.size() < 2) {
        throw new UserError(
            ("%s: expected at least 2 pictures (PNG, JPEG, BMP, GIF) of 32×32 pixels or more, got"
                    + " %d%s — add pictures or name another folder")
                .formatted(
                    folder, found.size(), skipped > 0 ? " and " + skipped + " unusable" : ""));
      }
      found.sort(
          Comparator.comparingLong(FolderPicture::hash)
              .thenComparing(picture -> picture.file().path()));
      pictures = List.copyOf(found);
    }
    return pictures;
  }

  private Images crops(List<FolderPicture> from, int most) {
    long tiles = from.stream().mapToLong(picture -> tiles(picture.file())).sum();
    double share = Math.min(1, (double) most / tiles);
    long wanted = from.stream().mapToLong(picture -> count(picture.file(), share)).sum();
    int count = (int) Math.min(wanted, most);
    byte[] pixels = Images.room(folder.toString(), count * SIDE * SIDE * Images.CHANNELS);
    int filled = 0;
    for (FolderPicture picture : from) {
      if (filled < pixels.length) {
        filled = cut(picture, count(picture.file(), share), pixels, filled);
      }
    }
    if (filled == 0) {
      throw new UserError(
          ("%s: expected pictures that can be decoded, got none for one of the splits"
                  + " — remove the damaged files")
              .formatted(folder));
    }
    return new Images(SIDE, SIDE, pixels).first(filled / (SIDE * SIDE * Images.CHANNELS));
  }

  private static long tiles(PictureFile file) {
    return (long) (file.height() / SIDE) * (file.width() / SIDE);
  }

  private static long count(PictureFile file, double share) {
    return Math.max(1, (long) (tiles(file) * share));
  }

  private int cut(FolderPicture picture, long count, byte[] pixels, int filled) {
    PictureFile file = picture.file();
    BufferedImage image;
    try {
      image = file.decode();
    } catch (IOException e) {
      skip(file.path(), e);
      return filled;
    }
    Draws draws =
        new Draws(SEED, Streams.CROPS, (int) picture.hash(), (int) (picture.hash() >>> 32));
    for (long i = 0; i < count && filled < pixels.length; i++) {
      int top = draws.below(file.height() - SIDE + 1);
      int left = draws.below(file.width() - SIDE + 1);
      PictureFile.crop(image, top, left, SIDE, pixels, filled);
      filled += SIDE * SIDE * Images.CHANNELS;
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
