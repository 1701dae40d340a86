package dae.model;

import static dae.op.Pixels.pixels;

import dae.UserError;
import dae.graph.Bytes;
import dae.graph.Graph;
import dae.graph.Plan;
import dae.graph.PlanDraft;
import dae.graph.Value;
import dae.kernel.Backend;
import dae.noise.Noise;
import dae.op.Fusion;
import dae.tensor.Check;
import dae.tensor.Shape;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// What is learnt: pixels → noise → network → loss, as a graph.
///
/// @param graph all of it
/// @param images the bytes that [#feed] brings; null where images are uploaded
/// @param painted those of the same images with what was painted on them; null where nothing is
/// @param covered how far their pixels were covered, a byte each; null where the loss does not ask
/// @param clean the images as they should be, N×H×W×C; null in [#inference]
/// @param seen what the network sees
/// @param cleaned what it makes of it
/// @param loss a scalar; null in [#inference]
public record Denoising(
    Graph graph,
    Bytes images,
    Bytes painted,
    Bytes covered,
    Value clean,
    Seen seen,
    Cleaned cleaned,
    Value loss) {

  /// On stored images: bytes come in, noise is drawn on the way.
  ///
  /// @param h height, a multiple of the network's
  /// @param w width, likewise
  /// @throws UserError if the loss asks for what network or noise do not have
  public static Denoising training(Network network, Noise noise, Loss loss, int h, int w) {
    Graph graph = new Graph();
    Bytes images = graph.bytes("images", image(network, h, w));
    Bytes painted = noise.paints() ? graph.bytes("painted", images.shape()) : null;
    Bytes covered = loss.takesCover() ? covered(graph, noise, loss, h, w) : null;
    Value clean = pixels(images);
    Value damaged = painted == null ? clean : pixels(painted);
    Value level = network.takesLevel() ? noise.level(clean) : null;
    Seen seen = new Seen(noise.on(damaged), level);
    Cleaned cleaned = network.denoise(seen);
    Value cover = covered == null ? null : pixels(covered);
    Value error = loss.of(new Loss.Truth(clean, damaged, cover), cleaned);
    return new Denoising(graph, images, painted, covered, clean, seen, cleaned, error);
  }

  private static Bytes covered(Graph graph, Noise noise, Loss loss, int h, int w) {
    if (!noise.paints()) {
      throw new UserError(
          "loss: expected damage that is painted for %s, got %s — take another noise or loss"
              .formatted(loss.word(), noise.word()));
    }
    return graph.bytes("covered", Shape.image(h, w, 1));
  }

  /// On images that are noisy already: upload the noisy and the clean ones, and the cover where the
  /// loss asks for it.
  public static Denoising uploaded(Network network, Loss loss, int h, int w) {
    Graph graph = new Graph();
    Value clean = graph.input("clean", image(network, h, w));
    Seen seen = seen(network, graph, h, w);
    Cleaned cleaned = network.denoise(seen);
    Value cover = loss.takesCover() ? graph.input("cover", Shape.image(h, w, 1)) : null;
    Value error = loss.of(new Loss.Truth(clean, clean, cover), cleaned);
    return new Denoising(graph, null, null, null, clean, seen, cleaned, error);
  }

  /// The network alone: upload the noisy images.
  public static Denoising inference(Network network, int h, int w) {
    Graph graph = new Graph();
    Seen seen = seen(network, graph, h, w);
    return new Denoising(graph, null, null, null, null, seen, network.denoise(seen), null);
  }

  private static Seen seen(Network network, Graph graph, int h, int w) {
    Value noisy = graph.input("noisy", image(network, h, w));
    Value level = network.takesLevel() ? graph.input("level", Shape.image(h, w, 1)) : null;
    return new Seen(noisy, level);
  }

  private static Shape image(Network network, int h, int w) {
    int multiple = network.multiple();
    Check.that(
        h % multiple == 0 && w % multiple == 0,
        "model",
        "height and width in multiples of " + multiple,
        h + "×" + w,
        "pad the image");
    return Shape.image(h, w, network.channels());
  }

  /// The images as they come in, N×H×W×C.
  public Value noisy() {
    return seen.noisy();
  }

  /// The images as they come out, N×H×W×C.
  public Value denoised() {
    return cleaned.image();
  }

  /// A plan to learn with; the loss can be read.
  public PlanDraft training(Backend backend, int batchSize) {
    return new PlanDraft(graph, List.of(loss), Fusion.TRAINING, backend, batchSize);
  }

  /// A plan to measure with; clean, noisy and denoised images can be read.
  public PlanDraft evaluation(Backend backend, int batchSize) {
    List<Value> read = List.of(clean, noisy(), denoised());
    return new PlanDraft(graph, read, Fusion.INFERENCE, backend, batchSize);
  }

  /// A plan that adds the noise and stops there; clean and noisy images can be read.
  public PlanDraft noising(Backend backend, int batchSize) {
    return new PlanDraft(graph, List.of(clean, noisy()), Fusion.INFERENCE, backend, batchSize);
  }

  /// A plan to denoise with; the denoised images can be read, and the mask where there is one.
  public PlanDraft inference(Backend backend, int batchSize) {
    List<Value> read = Stream.of(denoised(), cleaned.mask()).filter(Objects::nonNull).toList();
    return new PlanDraft(graph, read, Fusion.INFERENCE, backend, batchSize);
  }

  /// Hands a batch to a plan of this graph.
  ///
  /// @param pixels images of interleaved bytes
  /// @param damaged the same with what was painted on them; unused where nothing is
  /// @param cover how far each pixel was covered, a byte each; unused where the loss does not ask
  /// @param numbers the images' indices in their data set, with seed and epoch the key of their
  ///   noise
  public void feed(
      Plan plan, byte[] pixels, byte[] damaged, byte[] cover, int[] numbers, long seed, int epoch) {
    plan.feed(images, pixels);
    if (painted != null) {
      plan.feed(painted, damaged);
    }
    if (covered != null) {
      plan.feed(covered, cover);
    }
    plan.key(seed, epoch, numbers);
  }

  /// The same for a graph whose loss does not ask for a cover, or a plan that leaves the loss out.
  public void feed(Plan plan, byte[] pixels, byte[] damaged, int[] numbers, long seed, int epoch) {
    feed(plan, pixels, damaged, null, numbers, seed, epoch);
  }
}
