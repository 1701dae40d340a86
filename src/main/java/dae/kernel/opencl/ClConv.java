package dae.kernel.opencl;

import dae.kernel.Activation;
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
  private static final int ADD = 1;
  private static final int SCALE = 2;
  private static final int BIAS = 4;
  private static final int RELU = 8;

  /// A filter gradient's sum is cut into slices of at least so many pixels, at most so many slices.
  private static final int SLICE = 256;

  private static final int MOST_SLICES = 128;

  private record Product(Conv2dSpec spec, Pass pass) {}

  /// What decides a program.
  ///
  /// @param va floats of the gathered factor that are read at once
  /// @param vb floats of the other
  private record Build(Conv2dSpec s, Pass pass, Tile tile, int va, int vb) {
    String options() {
      return "-D%s -DIH=%d -DIW=%d -DIC=%d -DOH=%d -DOW=%d -DOC=%d -DKH=%d -DKW=%d -DSTRIDE=%d -DPAD_TOP=%d -DPAD_LEFT=%d -DVA=%d -DVB=%d %s"
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
              tile.options());
    }
  }

  private final ClContext context;
  private final Winners winners;
  private final Map<Build, String> options = new HashMap<>();
  private final Map<Product, Tile> tiles = new LinkedHashMap<>();

  ClConv(ClContext context, Winners winners) {
    this.context = context;
    this.winners = winners;
  }

  @Override
  public Needs needs(Conv2dSpec s, Pass pass, int capacity) {
    Tile tile = winners.tile(s, pass, capacity, context.device());
    tiles.put(new Product(s, pass), tile);
    if (pass != Pass.BACKWARD_FILTER) {
      return Needs.NOTHING;
    }
    int slices = Slices.of(capacity * s.oh() * s.ow()).count();
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

  /// How a sum over pixels is cut. Follows from their number alone, so that the bits do.
  ///
  /// @param length pixels of a slice, but for the last
  private record Slices(int count, int length) {
    static Slices of(int pixels) {
      int wanted = Math.clamp(pixels / SLICE, 1, MOST_SLICES);
      int length = Math.ceilDiv(Math.ceilDiv(pixels, wanted), 32) * 32;
      return new Slices(Math.ceilDiv(pixels, length), length);
    }
  }

  /// The layer's own program.
  ///
  /// @param a the factor that is gathered
  /// @param b the other one
  private Kernel kernel(Conv2dSpec s, Pass pass, Tensor a, Tensor b) {
    Tile tile =
        tiles.computeIfAbsent(
            new Product(s, pass), p -> winners.tile(s, pass, 1, context.device()));
    int channels = pass == Pass.BACKWARD_INPUT ? s.oc() : s.ic();
    Build build = new Build(s, pass, tile, vector(a, channels), vector(b, s.oc()));
    return context.kernel(
        FILE,
        options.computeIfAbsent(build, Build::options),
        "conv_" + pass.name().toLowerCase(Locale.ROOT));
  }

  /// How many floats are read at once.
  private static int vector(Tensor tensor, int channels) {
    boolean aligned =
        tensor.offset() % 4 == 0 && (!tensor.shape().isImage() || tensor.pitch() % 4 == 0);
    return aligned && channels % 4 == 0 ? 4 : 1;
  }

  private void run(Kernel kernel, Conv2dSpec s, Pass pass, int n) {
    Tile tile = tiles.get(new Product(s, pass));
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
    Kernel kernel = kernel(s, Pass.FORWARD, x, w);
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
    Kernel kernel = kernel(s, Pass.BACKWARD_INPUT, dy, w);
    finish(kernel.numbers(n, flags(write, epilogue)).image(dy).vector(w).image(dx), epilogue, w);
    run(kernel, s, Pass.BACKWARD_INPUT, n);
  }

  private static int flags(Write write, Epilogue epilogue) {
    return (write == Write.ADD ? ADD : 0)
        + (epilogue.scale() != null ? SCALE : 0)
        + (epilogue.bias() != null ? BIAS : 0)
        + (epilogue.f() == Activation.RELU ? RELU : 0);
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
    int add = write == Write.ADD ? ADD : 0;
    Tensor to = whole ? dw : workspace.scratch();
    Kernel kernel = kernel(s, Pass.BACKWARD_FILTER, x, dy);
    kernel.numbers(pixels, slices.length, whole ? add : 0).image(x).image(dy).vector(to);
    run(kernel, s, Pass.BACKWARD_FILTER, n);
    if (!whole) {
      int size = s.w().size();
      context
          .kernel(FILE, "", "conv_sum_slices")
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

  /// Takes a tile in the place of the chosen one.
  void use(Conv2dSpec s, Pass pass, Tile tile) {
    tiles.put(new Product(s, pass), tile);
  }
}
