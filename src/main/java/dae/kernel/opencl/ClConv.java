package dae.kernel.opencl;

import dae.kernel.Conv2dSpec;
import dae.kernel.ConvKernels;
import dae.kernel.Epilogue;
import dae.kernel.Needs;
import dae.kernel.Pass;
import dae.kernel.Workspace;
import dae.kernel.Write;
import dae.tensor.Tensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;

/// The three products of a convolution on a device, `kernels/conv.cl`.
final class ClConv implements ConvKernels {
  private static final String FILE = "conv.cl";

  /// A filter gradient's sum is cut into slices of at least this many pixels, at most this many
  /// slices.
  private static final int SLICE = 256;

  private static final int MOST_SLICES = 256;

  private record Product(Conv2dSpec spec, Pass pass) {}

  /// @param capacity images that the tile was chosen for
  private record Choice(int capacity, Tile tile) {}

  /// What decides a program.
  ///
  /// @param va floats of the gathered factor that are read at once
  /// @param vb floats of the other
  /// @param vc floats of the result that are written at once
  private record Build(Conv2dSpec s, Pass pass, Tile tile, int va, int vb, int vc) {
    String options() {
      return "-D%s -DIH=%d -DIW=%d -DIC=%d -DOH=%d -DOW=%d -DOC=%d -DKH=%d -DKW=%d -DSTRIDE=%d -DPAD_TOP=%d -DPAD_LEFT=%d -DVA=%d -DVB=%d -DVC=%d %s"
          .formatted(
              pass,
              s.ih(),
              s.iw(),
              s.ic(),
              s.oh(),
              s.ow(),
              s.oc(),
              s.kh(),
              s.kw(),
              s.stride(),
              s.padTop(),
              s.padLeft(),
              va,
              vb,
              vc,
              tile.options());
    }
  }

  private final ClContext context;
  private final Winners winners;
  private final Map<Build, String> options = new HashMap<>();
  private final Map<Product, Choice> tiles = new LinkedHashMap<>();

  ClConv(ClContext context, Winners winners) {
    this.context = context;
    this.winners = winners;
  }

  /// Of all plans the one with the most images decides a product's tile.
  @Override
  public Needs needs(Conv2dSpec s, Pass pass, int capacity) {
    Choice known = tiles.get(new Product(s, pass));
    if (known == null || known.capacity < capacity) {
      use(s, pass, capacity, winners.tile(s, pass, capacity, context.device()));
    }
    if (pass != Pass.BACKWARD_FILTER) {
      return Needs.NOTHING;
    }
    // The count of fewer images may be larger, by rounding, but never more than this.
    int slices = wantedSlices(capacity * s.oh() * s.ow());
    return new Needs(slices == 1 ? 0 : (long) slices * s.w().size(), 0);
  }

  /// Columns of the product's matrix.
  static int columns(Conv2dSpec s, Pass pass) {
    return pass == Pass.BACKWARD_INPUT ? s.ic() : s.oc();
  }

  /// Its rows, for n images; of an input gradient those of one class of pixels.
  static long rows(Conv2dSpec s, Pass pass, int n) {
    return switch (pass) {
      case FORWARD -> (long) n * s.oh() * s.ow();
      case BACKWARD_INPUT ->
          (long) n * Math.ceilDiv(s.ih(), s.stride()) * Math.ceilDiv(s.iw(), s.stride());
      case BACKWARD_FILTER -> s.kh() * s.kw() * s.ic();
    };
  }

  /// How many such products one launch makes: classes of pixels, or slices of the sum.
  static int products(Conv2dSpec s, Pass pass, int n) {
    return switch (pass) {
      case FORWARD -> 1;
      case BACKWARD_INPUT -> s.stride() * s.stride();
      case BACKWARD_FILTER -> Slices.of(n * s.oh() * s.ow()).count();
    };
  }

  private static int wantedSlices(int pixels) {
    return Math.clamp(pixels / SLICE, 1, MOST_SLICES);
  }

  /// How a sum over pixels is cut. Follows from their number alone, so that the bits do.
  ///
  /// @param count at most [#wantedSlices]
  /// @param length pixels of a slice, but for the last
  record Slices(int count, int length) {
    static Slices of(int pixels) {
      int length = Math.ceilDiv(Math.ceilDiv(pixels, wantedSlices(pixels)), 32) * 32;
      return new Slices(Math.ceilDiv(pixels, length), length);
    }
  }

  /// The layer's own program.
  ///
  /// @param a the factor that is gathered
  /// @param b the other one
  /// @param to the result
  private Kernel kernel(Conv2dSpec s, Pass pass, Tensor a, Tensor b, Tensor to) {
    int channels = pass == Pass.BACKWARD_INPUT ? s.oc() : s.ic();
    Build build =
        new Build(
            s,
            pass,
            tile(s, pass),
            vector(a, channels),
            vector(b, s.oc()),
            vector(to, columns(s, pass)));
    return context.kernel(
        FILE,
        options.computeIfAbsent(build, Build::options),
        "conv_" + pass.name().toLowerCase(Locale.ROOT));
  }

  private Tile tile(Conv2dSpec s, Pass pass) {
    return tiles.get(new Product(s, pass)).tile;
  }

  /// How many floats are read or written at once.
  private static int vector(Tensor tensor, int channels) {
    boolean aligned =
        tensor.offset() % 4 == 0 && (!tensor.shape().isImage() || tensor.pitch() % 4 == 0);
    return aligned && channels % 4 == 0 ? 4 : 1;
  }

  private void run(Kernel kernel, Conv2dSpec s, Pass pass, int n) {
    Tile tile = tile(s, pass);
    long[] groups = {
      Math.ceilDiv(rows(s, pass, n), tile.m()),
      Math.ceilDiv(columns(s, pass), tile.n()),
      products(s, pass, n)
    };
    kernel.groups(groups, tile.items(), 1, 1);
  }

  @Override
  public void forward(
      Conv2dSpec s,
      int n,
      Tensor x,
      Tensor w,
      Tensor y,
      Write write,
      Epilogue epilogue,
      Workspace workspace) {
    Kernel kernel = kernel(s, Pass.FORWARD, x, w, y);
    finish(kernel.numbers(n, flags(write, epilogue)).image(x).vector(w).image(y), epilogue, w);
    run(kernel, s, Pass.FORWARD, n);
  }

  @Override
  public void backwardInput(
      Conv2dSpec s,
      int n,
      Tensor dy,
      Tensor w,
      Tensor dx,
      Write write,
      Epilogue epilogue,
      Workspace workspace) {
    Kernel kernel = kernel(s, Pass.BACKWARD_INPUT, dy, w, dx);
    finish(kernel.numbers(n, flags(write, epilogue)).image(dy).vector(w).image(dx), epilogue, w);
    run(kernel, s, Pass.BACKWARD_INPUT, n);
  }

  private static int flags(Write write, Epilogue epilogue) {
    return (write == Write.ADD ? Flags.ADD : 0)
        + (epilogue.scale() != null ? Flags.SCALE : 0)
        + (epilogue.bias() != null ? Flags.BIAS : 0)
        + switch (epilogue.f()) {
          case IDENTITY -> 0;
          case RELU -> Flags.RELU;
          case LEAKY_RELU -> Flags.LEAKY_RELU;
          case SIGMOID -> Flags.SIGMOID;
        };
  }

  /// @param absent given where there is no vector: it is never read
  private static void finish(Kernel kernel, Epilogue epilogue, Tensor absent) {
    kernel
        .vector(epilogue.scale() != null ? epilogue.scale() : absent)
        .vector(epilogue.bias() != null ? epilogue.bias() : absent);
  }

  @Override
  public void backwardFilter(
      Conv2dSpec s, int n, Tensor x, Tensor dy, Tensor dw, Write write, Workspace workspace) {
    int pixels = n * s.oh() * s.ow();
    Slices slices = Slices.of(pixels);
    boolean whole = slices.count == 1;
    int add = write == Write.ADD ? Flags.ADD : 0;
    Tensor to = whole ? dw : workspace.scratch();
    Kernel kernel = kernel(s, Pass.BACKWARD_FILTER, x, dy, to);
    kernel.numbers(pixels, slices.length, whole ? add : 0).image(x).image(dy).vector(to);
    run(kernel, s, Pass.BACKWARD_FILTER, n);
    if (!whole) {
      int size = s.w().size();
      context
          .kernel(FILE, "-DSUM_SLICES", "conv_sum_slices")
          .numbers(size, slices.count, add)
          .vector(to)
          .vector(dw)
          .over(size);
    }
  }

  /// Forgets which products were asked about.
  void forget() {
    tiles.clear();
  }

  /// Every product that was asked about, in that order.
  void announced(BiConsumer<Conv2dSpec, Pass> each) {
    List.copyOf(tiles.keySet()).forEach(product -> each.accept(product.spec, product.pass));
  }

  /// Uses a tile for calls of up to this many images.
  void use(Conv2dSpec s, Pass pass, int capacity, Tile tile) {
    tiles.put(new Product(s, pass), new Choice(capacity, tile));
  }
}
