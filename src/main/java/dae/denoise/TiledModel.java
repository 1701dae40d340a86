package dae.denoise;

import dae.UserError;
import dae.graph.Parameters;
import dae.graph.Plan;
import dae.graph.PlanDraft;
import dae.graph.Room;
import dae.image.Colors;
import dae.image.Orientation;
import dae.image.Picture;
import dae.kernel.Backend;
import dae.model.Checkpoint;
import dae.model.Denoising;
import dae.model.Network;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/// A model that cleans pictures of any size, tile by tile, and keeps the plans of the tiles' sizes.
/// One thread at a time: [Denoiser] sees to it.
final class TiledModel implements AutoCloseable {
  private static final List<Orientation> AS_IT_IS = Orientation.ALL.subList(0, 1);

  private final Checkpoint checkpoint;
  private final Network network;
  private final Backend backend;
  private final Room room;
  private final Overlap overlap;
  private final int most;
  private final boolean hasMask;
  private final Parameters parameters;
  private final Map<Size, Window> windows = new LinkedHashMap<>();

  private record Size(int height, int width) {}

  /// A plan for one size, with room for its pixels.
  private record Window(Denoising model, Plan plan, float[] pixels) {}

  Checkpoint checkpoint() {
    return checkpoint;
  }

  /// @param most pixels of a tile in each direction; [Overlap#least] where that is more
  TiledModel(Checkpoint checkpoint, Backend backend, int most) {
    this.checkpoint = checkpoint;
    this.backend = backend;
    network = checkpoint.network();
    if (network.channels() != Picture.CHANNELS || network.takesLevel()) {
      throw new UserError(
          "%s: expected a model of RGB pictures alone, got %s — name another"
              .formatted(checkpoint.source(), network.word()));
    }
    overlap = Overlap.of(network, backend.block());
    this.most = Math.max(most, overlap.least());
    room = new Room(backend);
    int side = network.multiple();
    hasMask = Denoising.inference(network, side, side).cleaned().mask() != null;
    parameters = checkpoint.parameters(backend);
  }

  /// What takes over the pixels that a tile is responsible for.
  private interface Sink {
    void take(Turned turned, float[] tile, Tiles.Span row, Tiles.Span column);
  }

  /// Cleans a picture. The mean of an ensemble is summed up in floats, which takes the memory of
  /// another picture.
  ///
  /// @param options strength, ensemble and progress
  CleanPicture clean(Picture noisy, Options options) {
    List<Orientation> orientations = options.ensemble() ? Orientation.ALL : AS_IT_IS;
    Seen seen = Seen.of(noisy);
    int tile = tile(noisy, orientations);
    int length = noisy.colors().length();
    float[] sum = options.ensemble() ? new float[length] : null;
    Strength strength = options.strength() == null ? Strength.FULL : options.strength();
    Colors colors = sum != null && isFloats(noisy) ? new Colors.Floats(sum) : blank(noisy);
    CleanPicture clean = new CleanPicture(noisy, colors, Grey.is(seen), strength);
    Turned.Run finish =
        (values, at, pixel, count) -> {
          requireFinite(values, at, count);
          clean.put(values, at, pixel, count);
        };
    Steps steps = new Steps(options.progress(), orientations.size() * count(noisy, tile));
    for (Orientation each : orientations) {
      Sink sink =
          (turned, pixels, row, column) -> {
            if (sum == null) {
              turned.put(pixels, row, column, finish, backend);
            } else {
              turned.add(pixels, row, column, sum, backend);
            }
          };
      run(seen, each, tile, this::clean, sink, steps);
    }
    if (sum != null) {
      for (int i = 0; i < length; i++) {
        sum[i] /= orientations.size();
      }
      for (int pixel = 0; pixel * Picture.CHANNELS < length; pixel += noisy.width()) {
        finish.take(sum, pixel * Picture.CHANNELS, pixel, noisy.width());
      }
    }
    return clean;
  }

  private static boolean isFloats(Picture picture) {
    return picture.colors() instanceof Colors.Floats;
  }

  private static Colors blank(Picture picture) {
    return picture.colors().blank(picture.colors().length());
  }

  /// Where the network repaints a picture, height × width × 3: from 0 to 1, the same in all
  /// channels.
  ///
  /// @param progress hears of each tile; null for nobody
  /// @throws UserError if the network does not say
  Picture mask(Picture noisy, Progress progress) {
    if (!hasMask) {
      throw new UserError(
          "%s: expected a model with a mask, got %s, which has none — add --model restore"
              .formatted(checkpoint.source(), network.word()));
    }
    int tile = tile(noisy, AS_IT_IS);
    Colors mask = blank(noisy);
    Turned.Run run =
        (values, at, pixel, count) ->
            mask.write(values, at, count * Picture.CHANNELS, pixel * Picture.CHANNELS);
    Sink sink = (turned, pixels, row, column) -> turned.put(pixels, row, column, run, backend);
    Steps steps = new Steps(progress, count(noisy, tile));
    run(Seen.of(noisy), AS_IT_IS.getFirst(), tile, this::mask, sink, steps);
    return new Picture(noisy.height(), noisy.width(), mask, null);
  }

  /// Whether the network says where it repaints.
  boolean hasMask() {
    return hasMask;
  }

  private void clean(Window window) {
    window.plan.run(window.model.noisy(), window.pixels, 1, window.model.denoised(), window.pixels);
  }

  private void mask(Window window) {
    float[] pixels = window.pixels;
    window.plan.run(window.model.noisy(), pixels, 1, window.model.cleaned().mask(), pixels);
    // From the end, as each value makes way for three.
    for (int i = pixels.length - 1; i >= 0; i--) {
      pixels[i] = pixels[i / Picture.CHANNELS];
    }
  }

  /// Tiles of a picture.
  private int count(Picture noisy, int tile) {
    return tiles(noisy.height(), tile).spans().size() * tiles(noisy.width(), tile).spans().size();
  }

  /// How far a picture is.
  private static final class Steps {
    private final Progress progress;
    private final int all;
    private int done;

    private Steps(Progress progress, int all) {
      this.progress = progress;
      this.all = all;
    }

    private void next() {
      done++;
      if (progress != null) {
        progress.done(done, all);
      }
    }
  }

  /// @param compute replaces the pixels of a window by what they become
  private void run(
      Seen seen,
      Orientation orientation,
      int tile,
      Consumer<Window> compute,
      Sink sink,
      Steps steps) {
    Picture noisy = seen.picture();
    boolean exchanged = orientation.exchangesSides();
    Tiles rows = tiles(exchanged ? noisy.width() : noisy.height(), tile);
    Tiles columns = tiles(exchanged ? noisy.height() : noisy.width(), tile);
    Turned turned = new Turned(seen, orientation, rows, columns);
    Window window = window(new Size(rows.tile(), columns.tile()));
    for (Tiles.Span row : rows.spans()) {
      for (Tiles.Span column : columns.spans()) {
        Denoiser.requireNotCancelled();
        turned.cut(row, column, window.pixels, backend);
        compute.accept(window);
        sink.take(turned, window.pixels, row, column);
        steps.next();
      }
    }
  }

  /// The largest tile that memory holds besides the clean picture.
  private int tile(Picture noisy, List<Orientation> orientations) {
    boolean summed = orientations.size() > 1;
    int bytes = summed && isFloats(noisy) ? 0 : noisy.colors().bytes();
    long clean = (bytes + (summed ? (long) Float.BYTES : 0)) * noisy.colors().length();
    List<Size> sizes = sizes(noisy, orientations, most);
    if (holds(sizes, clean)) {
      return most;
    }
    rest();
    // What was closed is collected by now.
    if (holds(sizes, clean)) {
      return most;
    }
    int least = overlap.least();
    IntFunction<List<Size>> smaller =
        n -> sizes(noisy, orientations, least + (n - 1) * overlap.multiple());
    int fits =
        room.largest(
            1 + (most - least) / overlap.multiple(),
            n -> planBytes(smaller.apply(n)),
            n -> clean + pixelBytes(smaller.apply(n).getFirst()));
    if (fits == 0) {
      throw room.tooSmall(
          "denoise",
          "a picture of %d x %d".formatted(noisy.width(), noisy.height()),
          planBytes(smaller.apply(1)),
          clean + pixelBytes(smaller.apply(1).getFirst()),
          "cut the picture");
    }
    return least + (fits - 1) * overlap.multiple();
  }

  /// Whether memory holds any of the plans, one at a time: [#window] gives up one for another.
  private boolean holds(List<Size> sizes, long clean) {
    List<Size> missing = sizes.stream().filter(size -> !windows.containsKey(size)).toList();
    return missing.isEmpty()
        ? room.holds(0, clean)
        : room.holds(planBytes(missing), clean + pixelBytes(missing.getFirst()), openBytes());
  }

  /// A tile's size, and where sides are exchanged its own with sides exchanged.
  private List<Size> sizes(Picture noisy, List<Orientation> orientations, int tile) {
    int height = tiles(noisy.height(), tile).tile();
    int width = tiles(noisy.width(), tile).tile();
    return orientations.stream()
        .map(each -> each.exchangesSides() ? new Size(width, height) : new Size(height, width))
        .distinct()
        .toList();
  }

  private Tiles tiles(int side, int tile) {
    return Tiles.of(side, overlap, tile);
  }

  /// Of the largest.
  private long planBytes(List<Size> sizes) {
    return sizes.stream().mapToLong(size -> draft(size).bytes()).max().orElseThrow();
  }

  private long openBytes() {
    return windows.values().stream().mapToLong(window -> window.plan.bytes()).sum();
  }

  private PlanDraft draft(Size size) {
    return Denoising.inference(network, size.height, size.width).inference(backend, 1);
  }

  private static long pixelBytes(Size size) {
    return (long) Float.BYTES * Picture.CHANNELS * size.height * size.width;
  }

  /// The window of a size, made or found. Plans are kept as long as all of them together take no
  /// more than that of the largest tile, and memory holds them; the least recently used are given
  /// up.
  private Window window(Size size) {
    Window window = windows.remove(size);
    if (window == null) {
      Denoising model = Denoising.inference(network, size.height, size.width);
      PlanDraft draft = model.inference(backend, 1);
      long budget = windows.isEmpty() ? 0 : draft(new Size(most, most)).bytes() - draft.bytes();
      while (!windows.isEmpty()
          && (openBytes() > budget || !room.holds(draft.bytes(), pixelBytes(size), openBytes()))) {
        windows.remove(windows.keySet().iterator().next()).plan.close();
      }
      window =
          new Window(
              model,
              draft.open(parameters),
              new float[Picture.CHANNELS * size.height * size.width]);
    }
    windows.put(size, window);
    return window;
  }

  /// NaN would be drawn as black.
  private void requireFinite(float[] clean, int at, int count) {
    for (int i = at; i < at + count * Picture.CHANNELS; i++) {
      if (!Float.isFinite(clean[i])) {
        throw new UserError(
            "%s: expected a model with finite results, got %s — it is damaged; name another with --model"
                .formatted(checkpoint.source(), clean[i]));
      }
    }
  }

  /// Gives the memory of plans back.
  void rest() {
    windows.values().forEach(window -> window.plan.close());
    windows.clear();
  }

  /// Gives all memory back; the backend stays open.
  @Override
  public void close() {
    rest();
    parameters.close();
  }
}
