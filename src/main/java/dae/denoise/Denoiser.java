package dae.denoise;

import dae.UserError;
import dae.graph.Parameters;
import dae.graph.Plan;
import dae.graph.PlanDraft;
import dae.graph.Room;
import dae.image.Picture;
import dae.kernel.Backend;
import dae.model.Checkpoint;
import dae.model.Denoising;
import dae.model.Network;
import java.util.LinkedHashMap;
import java.util.Map;

/// Cleans pictures of any size with a trained model.
///
/// ```java
/// try (Backend backend = Backends.open("auto", 2);
///     Denoiser denoiser = Denoiser.open(Checkpoint.builtIn(), backend)) {
///   Picture clean = denoiser.clean(noisy);
/// }
/// ```
///
/// A picture larger than a tile is cleaned tile by tile, with the bits of the whole ([Tiles]). The
/// plan of a size is kept for the next picture, so a denoiser that cleans many is opened once.
///
/// Not thread-safe, and its backend serves one caller at a time: programs with several threads open
/// a backend and a denoiser in each.
public final class Denoiser implements AutoCloseable {
  /// Pixels of a tile in each direction, at most. Smaller ones compute more pixels twice, larger
  /// ones take more memory (bench/NOTES.md).
  private static final int TILE = 1024;

  private final Checkpoint checkpoint;
  private final Network network;
  private final Backend backend;
  private final Room room;
  private final int most;
  private final Parameters parameters;
  private final Map<Size, Window> windows = new LinkedHashMap<>();

  private record Size(int height, int width) {}

  /// A plan for one size, with room for its pixels.
  private record Window(Denoising model, Plan plan, float[] pixels) {}

  /// @param most pixels of a tile in each direction, at least [Tiles#least]
  Denoiser(Checkpoint checkpoint, Backend backend, int most) {
    this.most = most;
    this.checkpoint = checkpoint;
    this.backend = backend;
    network = checkpoint.network();
    if (network.channels() != Picture.CHANNELS || network.takesLevel()) {
      throw new UserError(
          "%s: expected a model of RGB pictures alone, got %s — name another"
              .formatted(checkpoint.source(), network.word()));
    }
    room = new Room(backend);
    parameters = checkpoint.parameters(backend);
  }

  /// Takes the memory of the weights; that of plans is taken as pictures need it.
  ///
  /// @param backend to compute on; stays open
  public static Denoiser open(Checkpoint checkpoint, Backend backend) {
    return new Denoiser(checkpoint, backend, TILE);
  }

  /// Cleans a picture. Its opacities stay as they are.
  ///
  /// @return a new picture of the same size, which shares the array of opacities
  /// @throws UserError if memory cannot hold what it takes, or the model is damaged
  public Picture clean(Picture noisy) {
    int tile = tile(noisy);
    Tiles rows = Tiles.of(noisy.height(), network, backend.block(), tile);
    Tiles columns = Tiles.of(noisy.width(), network, backend.block(), tile);
    Window window = window(new Size(rows.tile(), columns.tile()));
    float[] clean = new float[noisy.rgb().length];
    for (Tiles.Span row : rows.spans()) {
      for (Tiles.Span column : columns.spans()) {
        cut(noisy, rows, columns, row, column, window.pixels);
        window.plan.upload(window.model.noisy(), window.pixels, 1);
        window.plan.forward(1);
        window.plan.download(window.model.denoised(), window.pixels, 0);
        paste(window.pixels, columns.tile(), row, column, clean, noisy.width());
      }
    }
    requireFinite(clean);
    return new Picture(noisy.height(), noisy.width(), clean, noisy.alpha());
  }

  /// The largest tile that memory holds besides the clean picture.
  private int tile(Picture noisy) {
    long clean = (long) Float.BYTES * noisy.rgb().length;
    if (holds(noisy, clean)) {
      return most;
    }
    closeWindows();
    // What was closed is collected by now.
    if (holds(noisy, clean)) {
      return most;
    }
    int multiple = network.multiple();
    int least = Tiles.least(network, backend.block());
    int fits =
        room.largest(
            1 + (most - least) / multiple,
            n -> draft(size(noisy, least + (n - 1) * multiple)).bytes(),
            n -> clean + pixelBytes(size(noisy, least + (n - 1) * multiple)));
    if (fits == 0) {
      Size size = size(noisy, least);
      throw room.tooSmall(
          "denoise",
          "a picture of %d x %d".formatted(noisy.width(), noisy.height()),
          draft(size).bytes(),
          clean + pixelBytes(size),
          "cut the picture");
    }
    return least + (fits - 1) * multiple;
  }

  private boolean holds(Picture noisy, long clean) {
    Size size = size(noisy, most);
    return windows.containsKey(size)
        ? room.holds(0, clean)
        : room.holds(draft(size).bytes(), clean + pixelBytes(size));
  }

  private Size size(Picture noisy, int tile) {
    return new Size(
        Tiles.of(noisy.height(), network, backend.block(), tile).tile(),
        Tiles.of(noisy.width(), network, backend.block(), tile).tile());
  }

  private PlanDraft draft(Size size) {
    return Denoising.inference(network, size.height, size.width).inference(backend, 1);
  }

  private static long pixelBytes(Size size) {
    return (long) Float.BYTES * Picture.CHANNELS * size.height * size.width;
  }

  /// The window of a size, made or found. Plans are kept as long as all of them together take no
  /// more than that of the largest tile; the least recently used are given up.
  private Window window(Size size) {
    Window window = windows.remove(size);
    if (window == null) {
      Denoising model = Denoising.inference(network, size.height, size.width);
      PlanDraft draft = model.inference(backend, 1);
      long budget = windows.isEmpty() ? 0 : draft(new Size(most, most)).bytes() - draft.bytes();
      long kept = windows.values().stream().mapToLong(other -> other.plan.bytes()).sum();
      while (!windows.isEmpty() && kept > budget) {
        Window eldest = windows.remove(windows.keySet().iterator().next());
        kept -= eldest.plan.bytes();
        eldest.plan.close();
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

  private static void cut(
      Picture from, Tiles rows, Tiles columns, Tiles.Span row, Tiles.Span column, float[] to) {
    int inside = Math.min(columns.tile(), from.width() - column.start());
    for (int y = 0; y < rows.tile(); y++) {
      int line = rows.mirrored(row.start() + y) * from.width();
      int at = y * columns.tile() * Picture.CHANNELS;
      System.arraycopy(
          from.rgb(),
          (line + column.start()) * Picture.CHANNELS,
          to,
          at,
          inside * Picture.CHANNELS);
      for (int x = inside; x < columns.tile(); x++) {
        int pixel = line + columns.mirrored(column.start() + x);
        System.arraycopy(
            from.rgb(), pixel * Picture.CHANNELS, to, at + x * Picture.CHANNELS, Picture.CHANNELS);
      }
    }
  }

  private static void paste(
      float[] from, int pitch, Tiles.Span row, Tiles.Span column, float[] to, int width) {
    for (int y = row.from(); y < row.until(); y++) {
      System.arraycopy(
          from,
          ((y - row.start()) * pitch + column.from() - column.start()) * Picture.CHANNELS,
          to,
          (y * width + column.from()) * Picture.CHANNELS,
          (column.until() - column.from()) * Picture.CHANNELS);
    }
  }

  /// NaN would be drawn as black.
  private void requireFinite(float[] clean) {
    for (float value : clean) {
      if (!Float.isFinite(value)) {
        throw new UserError(
            "%s: expected a model with finite results, got %s — it is damaged; name another with --model"
                .formatted(checkpoint.source(), value));
      }
    }
  }

  private void closeWindows() {
    windows.values().forEach(window -> window.plan.close());
    windows.clear();
  }

  /// Gives all memory back; the backend stays open.
  @Override
  public void close() {
    closeWindows();
    parameters.close();
  }
}
