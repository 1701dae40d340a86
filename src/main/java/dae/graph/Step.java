package dae.graph;

import dae.kernel.Backend;
import dae.kernel.ChannelKernels;
import dae.kernel.ConvKernels;
import dae.kernel.DataKernels;
import dae.kernel.MapKernels;
import dae.kernel.Pass;
import dae.kernel.PixelKernels;
import dae.kernel.Workspace;
import dae.kernel.Write;
import dae.random.Key;
import dae.tensor.Tensor;
import java.util.Map;

/// One entry of a compiled plan, as its op sees it: every tensor by its role, bound once.
public final class Step {
  /// The tensors of one op. Gradient entries are null where there is none.
  record Roles(
      Tensor[] in,
      Tensor out,
      Tensor[] param,
      Tensor[] saved,
      Tensor gradOut,
      Tensor[] gradIn,
      Write[] write,
      boolean[] placed,
      boolean[] sharesGradient,
      Tensor[] paramGrad,
      Map<Pass, Workspace> workspaces) {}

  private final Backend backend;
  private final boolean training;
  private final Feed feed;
  private final Roles roles;

  Step(Backend backend, boolean training, Feed feed, Roles roles) {
    this.backend = backend;
    this.training = training;
    this.feed = feed;
    this.roles = roles;
  }

  /// Images in this run.
  public int n() {
    return feed.n;
  }

  /// Whether batch statistics are used and a backward pass follows.
  public boolean training() {
    return training;
  }

  /// What [Plan#feed] brought for an input of the graph: n images.
  public byte[] bytes(Bytes input) {
    return feed.get(input);
  }

  /// What is drawn in this run depends on it, as [Plan#key] set it.
  ///
  /// @param step of a chain of damage, from 0
  public Key key(int step) {
    return new Key(feed.seed, feed.epoch, feed.images, step);
  }

  public Tensor in(int i) {
    return roles.in[i];
  }

  public Tensor out() {
    return roles.out;
  }

  public Tensor param(int i) {
    return roles.param[i];
  }

  /// The i-th tensor of [Op#saved].
  public Tensor saved(int i) {
    return roles.saved[i];
  }

  /// The gradient of the loss with respect to the output.
  public Tensor gradOut() {
    return roles.gradOut;
  }

  /// Where the gradient of input i goes.
  public Tensor gradIn(int i) {
    return roles.gradIn[i];
  }

  /// Whether input i wants a gradient.
  public boolean wants(int i) {
    return roles.gradIn[i] != null;
  }

  /// Whether the gradient of input i is set or added to.
  public Write write(int i) {
    return roles.write[i];
  }

  /// Whether input i lives inside the output, so that there is nothing to copy.
  public boolean placed(int i) {
    return roles.placed[i];
  }

  /// Whether the gradient of input i lives where the output's does, and so is there already where
  /// the two are equal.
  public boolean sharesGradient(int i) {
    return roles.sharesGradient[i];
  }

  /// Hands the output's gradient on to input i as it is, where that wants it and has it not yet.
  public void passGradient(int i) {
    if (wants(i) && !sharesGradient(i)) {
      map().copy(n(), gradOut(), gradIn(i), write(i));
    }
  }

  /// Where the gradient of parameter i goes; always set.
  public Tensor paramGrad(int i) {
    return roles.paramGrad[i];
  }

  public Workspace workspace(Pass pass) {
    return roles.workspaces.get(pass);
  }

  public ConvKernels conv() {
    return backend.conv();
  }

  public ChannelKernels channel() {
    return backend.channel();
  }

  public MapKernels map() {
    return backend.map();
  }

  public PixelKernels pixel() {
    return backend.pixel();
  }

  public DataKernels data() {
    return backend.data();
  }
}
