package dae.train;

import dae.UserError;
import dae.data.Images;
import dae.graph.Parameters;
import dae.graph.Plan;
import dae.graph.PlanDraft;
import dae.image.Orientation;
import dae.kernel.Backend;
import dae.model.Denoising;
import dae.model.Network;
import java.util.Arrays;

/// The mean of what a network makes of an image in its eight orientations (self-ensemble, Timofte
/// et al. 2016): each is denoised and brought back. They are added in the order of
/// [Orientation#ALL], so that the bits are always the same.
final class Ensemble implements AutoCloseable {
  private final int imageLength;
  private final Denoising model;
  private final Plan plan;
  private final int[][] orders;
  private final float[] turned;

  /// An ensemble that has not taken its memory yet.
  static final class Draft {
    private final int side;
    private final int capacity;
    private final Denoising model;
    private final PlanDraft plan;

    /// @param capacity the most images of one run
    /// @throws UserError if the images are not square: turned ones would need a plan of their own
    Draft(Network network, Images images, int capacity, Backend backend) {
      if (images.height() != images.width()) {
        throw new UserError(
            "evaluate: expected square images with --ensemble, got %d×%d — leave it out"
                .formatted(images.width(), images.height()));
      }
      if (network.takesLevel()) {
        throw new UserError(
            "evaluate: expected a network of images alone with --ensemble, got %s — leave it out"
                .formatted(network.word()));
      }
      side = images.height();
      this.capacity = capacity;
      model = Denoising.inference(network, side, side);
      plan = model.inference(backend, capacity);
    }

    private int pixels() {
      return side * side;
    }

    private int floats() {
      return Math.multiplyExact(capacity, pixels() * Images.CHANNELS);
    }

    /// What [#open] takes besides the weights.
    long bytes() {
      long orders = (long) Integer.BYTES * Orientation.ALL.size() * pixels();
      return plan.bytes() + orders + (long) Float.BYTES * floats();
    }

    Ensemble open(Parameters parameters) {
      return new Ensemble(this, parameters);
    }
  }

  private Ensemble(Draft draft, Parameters parameters) {
    imageLength = draft.pixels() * Images.CHANNELS;
    model = draft.model;
    plan = draft.plan.open(parameters);
    orders =
        Orientation.ALL.stream()
            .map(each -> each.pixels(draft.side, draft.side))
            .toArray(int[][]::new);
    turned = new float[draft.floats()];
  }

  /// Denoises n images.
  ///
  /// @param noisy n × height × width × 3 values
  /// @param mean where the results go; must not be the same array
  void denoise(float[] noisy, int n, float[] mean) {
    Arrays.fill(mean, 0, n * imageLength, 0);
    for (int[] order : orders) {
      turn(noisy, order, n);
      plan.run(model.noisy(), turned, n, model.denoised(), turned);
      addBack(order, n, mean);
    }
    for (int i = 0; i < n * imageLength; i++) {
      mean[i] /= orders.length;
    }
  }

  private void turn(float[] images, int[] order, int n) {
    int at = 0;
    for (int i = 0; i < n; i++) {
      for (int pixel : order) {
        int from = i * imageLength + pixel * Images.CHANNELS;
        for (int c = 0; c < Images.CHANNELS; c++) {
          turned[at++] = images[from + c];
        }
      }
    }
  }

  private void addBack(int[] order, int n, float[] sum) {
    int at = 0;
    for (int i = 0; i < n; i++) {
      for (int pixel : order) {
        int to = i * imageLength + pixel * Images.CHANNELS;
        for (int c = 0; c < Images.CHANNELS; c++) {
          sum[to + c] += turned[at++];
        }
      }
    }
  }

  /// Gives the memory back; the parameters stay.
  @Override
  public void close() {
    plan.close();
  }
}
