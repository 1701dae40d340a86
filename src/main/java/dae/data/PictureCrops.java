package dae.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import dae.UserError;
import dae.random.Draws;
import dae.random.Shuffle;
import dae.random.Streams;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BiConsumer;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/// Crops of pictures at random places, other ones in every epoch.
///
/// An epoch goes through the pictures in a random order, *pool* by pool: so many pictures that
/// their crops fill [#POOL] bytes are decoded, one after the other, all their crops are cut, and
/// shown in a random order. While a pool is shown, the next one is filled in the background. So
/// memory holds two pools and one decoded picture, however many pictures there are and however
/// large; and one decoding serves all crops of its picture, at least [#LEAST] where fewer than that
/// are wanted in an epoch: then an epoch visits only some of the pictures, and as many epochs as it
/// takes visit each of them once.
///
/// Pictures that together are small enough ([#KEPT] bytes) are decoded once and kept.
///
/// A picture that turns out to be damaged is reported once, and crops of the next good one take the
/// place of its own. What is shown is a function of (seed, epoch) and the files alone.
final class PictureCrops implements ImageSource {
  static final long POOL = 128L << 20;
  static final long KEPT = 256L << 20;
  private static final int LEAST = 16;

  private final List<FolderPicture> pictures;
  private final Cut cut;
  private final BiConsumer<FolderPicture, IOException> skipped;
  private final long room;
  private final long keep;
  private final boolean keeps;

  /// Epochs that it takes to visit each picture once.
  private final int turns;

  private final int visits;
  private final int count;
  private final FolderPicture.Pixels[] kept;
  private final boolean[] damaged;

  private String fingerprint;
  private long seed;
  private int epoch = -1;

  /// The pictures of the epoch in their order, and the number of the first crop of each.
  private int[] visited;

  private int[] first;

  /// For each pool its first picture's place in the order; behind the last what follows.
  private int[] pools;

  private Pool current;
  private FutureTask<Pool> next;

  /// A pool's crops.
  ///
  /// @param number of its pool
  /// @param first number of the first
  /// @param noisy null unless pictures come in pairs
  private record Pool(int number, int first, byte[] clean, byte[] noisy) {}

  /// @param pictures none smaller than a patch
  /// @param skipped hears of pictures that cannot be decoded, each once
  PictureCrops(
      List<FolderPicture> pictures, Cut cut, BiConsumer<FolderPicture, IOException> skipped) {
    this(pictures, cut, skipped, POOL, KEPT, Integer.MAX_VALUE);
  }

  /// @param room of a pool, in bytes
  /// @param keep so many bytes of pictures
  /// @param most crops in an epoch
  PictureCrops(
      List<FolderPicture> pictures,
      Cut cut,
      BiConsumer<FolderPicture, IOException> skipped,
      long room,
      long keep,
      int most) {
    this.pictures = pictures;
    this.cut = cut;
    this.skipped = skipped;
    this.room = room;
    this.keep = keep;
    keeps = pictures.stream().mapToLong(FolderPicture::bytes).sum() <= keep;
    kept = new FolderPicture.Pixels[keeps ? pictures.size() : 0];
    damaged = new boolean[pictures.size()];
    turns =
        keeps || cut.crops() == 0 ? 1 : Math.min(Math.ceilDiv(LEAST, cut.crops()), pictures.size());
    visits = Math.ceilDiv(pictures.size(), turns);
    long total =
        turns > 1
            ? (long) visits * turns * cut.crops()
            : pictures.stream().mapToLong(this::crops).sum();
    count = (int) Math.min(total, most);
  }

  private int crops(FolderPicture picture) {
    return turns * cut.of(picture.clean().height(), picture.clean().width());
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public int height() {
    return cut.patch();
  }

  @Override
  public int width() {
    return cut.patch();
  }

  @Override
  public boolean pairs() {
    return pictures.getFirst().noisy() != null;
  }

  @Override
  public void order(long newSeed, int newEpoch, int[] into) {
    forget();
    seed = newSeed;
    epoch = newEpoch;
    visit();
    for (int p = 0; p + 1 < pools.length; p++) {
      int from = Math.min(count, first[pools[p]]);
      int[] pool = new int[Math.min(count, first[pools[p + 1]]) - from];
      Shuffle.fill(pool, seed, p + 1, epoch);
      for (int i = 0; i < pool.length; i++) {
        into[from + i] = from + pool[i];
      }
    }
  }

  /// Ends what the last epoch may have begun.
  private void forget() {
    current = null;
    if (next != null) {
      await(next);
      next = null;
    }
  }

  /// Lays out the epoch.
  private void visit() {
    int[] all = new int[pictures.size()];
    Shuffle.fill(all, seed, epoch / turns);
    visited = new int[visits];
    first = new int[visits + 1];
    List<Integer> starts = new ArrayList<>(List.of(0));
    for (int i = 0; i < visits; i++) {
      visited[i] = all[(epoch % turns * visits + i) % all.length];
      first[i + 1] = (int) Math.min(count, (long) first[i] + crops(pictures.get(visited[i])));
      if ((long) (first[i + 1] - first[starts.getLast()]) * cut.bytes() > room
          && starts.getLast() < i) {
        starts.add(i);
      }
    }
    starts.add(visits);
    pools = starts.stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public void copy(int number, byte[] clean, byte[] noisy, int offset) {
    int at = Arrays.binarySearch(first, number);
    int place = at >= 0 ? at : -at - 2;
    at = Arrays.binarySearch(pools, place);
    Pool pool = pool(at >= 0 ? at : -at - 2);
    int from = (number - pool.first) * cut.bytes();
    System.arraycopy(pool.clean, from, clean, offset, cut.bytes());
    if (pool.noisy != null) {
      System.arraycopy(pool.noisy, from, noisy, offset, cut.bytes());
    }
  }

  private Pool pool(int number) {
    if (current == null || current.number != number) {
      current = null;
      // An epoch that is gone on with may begin in any pool, and then takes one after the other.
      current = await(next != null ? next : start(number));
      boolean more = number + 2 < pools.length && first[pools[number + 1]] < count;
      next = more ? start(number + 1) : null;
    }
    return current;
  }

  private FutureTask<Pool> start(int number) {
    FutureTask<Pool> task = new FutureTask<>(() -> fill(number));
    Thread.ofPlatform().daemon().name("picture-decoder").start(task);
    return task;
  }

  private static Pool await(FutureTask<Pool> task) {
    boolean interrupted = false;
    while (true) {
      try {
        Pool pool = task.get();
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
        return pool;
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case UserError error -> throw error;
          case Error error -> throw error;
          default -> throw new IllegalStateException(e.getCause());
        }
      }
    }
  }

  private Pool fill(int number) {
    int start = first[pools[number]];
    int bytes = (first[pools[number + 1]] - start) * cut.bytes();
    Pool pool = new Pool(number, start, new byte[bytes], pairs() ? new byte[bytes] : null);
    for (int i = pools[number]; i < pools[number + 1]; i++) {
      if (first[i] < first[i + 1]) {
        cut(good(i), pool, first[i] - start, first[i + 1] - start);
      }
    }
    return pool;
  }

  /// The decoded picture at a place of the order, or the next one that is not damaged.
  private FolderPicture.Pixels good(int place) {
    for (int i = 0; i < visits; i++) {
      int picture = visited[(place + i) % visits];
      if (keeps && kept[picture] != null) {
        return kept[picture];
      }
      if (!damaged[picture]) {
        try {
          FolderPicture.Pixels pixels = pictures.get(picture).decode();
          if (keeps) {
            kept[picture] = pixels;
          }
          return pixels;
        } catch (IOException e) {
          damaged[picture] = true;
          skipped.accept(pictures.get(picture), e);
        }
      }
    }
    throw new UserError(
        "%s: expected pictures that can be decoded, got none — remove the damaged files"
            .formatted(pictures.getFirst().clean().path().getParent()));
  }

  private void cut(FolderPicture.Pixels pixels, Pool pool, int from, int until) {
    for (int i = from; i < until; i++) {
      Draws draws = new Draws(seed, Streams.CROPS, pool.first + i, epoch);
      pixels.crop(draws, cut.patch(), pool.clean, pool.noisy, i * cut.bytes());
    }
  }

  @Override
  public ImageSource first(int n) {
    return n >= count ? this : new PictureCrops(pictures, cut, skipped, room, keep, n);
  }

  /// With so many times the crops of each picture.
  @Override
  public ImageSource weighted(double weight) {
    if (weight == 1) {
      return this;
    }
    int of = Math.ceilDiv(count, pictures.size());
    int crops = (int) Math.max(1, Math.round(weight * (cut.crops() > 0 ? cut.crops() : of)));
    return new PictureCrops(
        pictures, new Cut(cut.patch(), crops), skipped, room, keep, Integer.MAX_VALUE);
  }

  /// By the bytes of the files, wherever they lie, not by their pixels, which would take long to
  /// decode. The order of the pictures hangs on their names, and the fingerprint on the order.
  @Override
  public synchronized String fingerprint() {
    if (fingerprint == null) {
      CRC32C crc = new CRC32C();
      for (FolderPicture picture : pictures) {
        picture.sum(crc);
      }
      fingerprint =
          "%d crops of %dx%d from %d pictures, CRC-32C %08x"
              .formatted(count, cut.patch(), cut.patch(), pictures.size(), crc.getValue());
    }
    return fingerprint;
  }

  /// Older programs went by names and sizes.
  @Override
  public boolean has(String other) {
    if (other.contains("CRC-32C")) {
      return other.equals(fingerprint());
    }
    CRC32 crc = new CRC32();
    for (FolderPicture picture : pictures) {
      crc.update(picture.nameAndSizes().getBytes(UTF_8));
    }
    return other.equals(
        "%d crops of %dx%d from %d pictures, CRC %08x"
            .formatted(count, cut.patch(), cut.patch(), pictures.size(), crc.getValue()));
  }

  @Override
  public long bufferBytes() {
    long partners = pairs() ? 2 : 1;
    long pool = Math.min(room, (long) count * cut.bytes());
    return partners * 2 * pool
        + pictures.stream().mapToLong(FolderPicture::bytes).sum() * (keeps ? 1 : 0);
  }
}
