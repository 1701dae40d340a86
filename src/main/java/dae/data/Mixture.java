package dae.data;

import dae.UserError;
import dae.random.Shuffle;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Several sources of images of one size, mixed: an epoch shows all of each, in a random order that
/// keeps the order of each among its own.
final class Mixture implements ImageSource {
  /// Far from the parts that the sources shuffle by.
  private static final int PART = 1 << 30;

  private final List<ImageSource> sources;

  /// Number of the first image of each source, and of what would follow the last.
  private final int[] first;

  /// @throws UserError if their images differ in size
  Mixture(List<? extends ImageSource> sources) {
    this.sources = List.copyOf(sources);
    first = new int[sources.size() + 1];
    ImageSource one = sources.getFirst();
    for (int i = 0; i < sources.size(); i++) {
      ImageSource other = sources.get(i);
      if (other.height() != one.height() || other.width() != one.width()) {
        throw new UserError(
            "dataset: expected images of one size, got %d×%d and %d×%d — set that of pictures with"
                    .formatted(one.width(), one.height(), other.width(), other.height())
                + " --patch");
      }
      first[i + 1] = Math.addExact(first[i], other.count());
    }
  }

  @Override
  public int count() {
    return first[sources.size()];
  }

  @Override
  public int height() {
    return sources.getFirst().height();
  }

  @Override
  public int width() {
    return sources.getFirst().width();
  }

  @Override
  public void order(long seed, int epoch, int[] into) {
    int[] places = new int[into.length];
    Shuffle.fill(places, seed, PART, epoch);
    for (int i = 0; i < sources.size(); i++) {
      int[] own = new int[sources.get(i).count()];
      sources.get(i).order(seed, epoch, own);
      // A random set of places, taken from front to back.
      int[] taken = Arrays.copyOfRange(places, first[i], first[i + 1]);
      Arrays.sort(taken);
      for (int j = 0; j < own.length; j++) {
        into[taken[j]] = first[i] + own[j];
      }
    }
  }

  @Override
  public void copy(int number, byte[] clean, byte[] noisy, int offset) {
    int i = 0;
    while (number >= first[i + 1]) {
      i++;
    }
    sources.get(i).copy(number - first[i], clean, noisy, offset);
  }

  /// Cuts each in proportion.
  @Override
  public ImageSource first(int n) {
    if (n >= count()) {
      return this;
    }
    double share = (double) n / count();
    return new Mixture(
        sources.stream()
            .map(each -> each.first((int) Math.max(1, Math.round(share * each.count()))))
            .toList());
  }

  @Override
  public ImageSource weighted(double weight) {
    return new Mixture(sources.stream().map(each -> each.weighted(weight)).toList());
  }

  @Override
  public String fingerprint() {
    return sources.stream().map(ImageSource::fingerprint).collect(Collectors.joining("; "));
  }

  @Override
  public boolean has(String fingerprint) {
    String[] each = fingerprint.split("; ");
    return each.length == sources.size()
        && IntStream.range(0, each.length).allMatch(i -> sources.get(i).has(each[i]));
  }

  @Override
  public long bufferBytes() {
    return sources.stream().mapToLong(ImageSource::bufferBytes).sum();
  }
}
