package peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dae.file.Safetensors;
import dae.model.Network;
import dae.model.Networks;
import dae.onnx.OnnxExport;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// ONNX Runtime, inference only. Plain gets the network as it was trained, tuned with batch norm
/// folded beforehand (it folds by itself only into convolutions that are not transposed). Both with
/// all its own optimisations, which is its default.
final class OnnxRuntime implements Contender {
  private final ToDoubleFunction<float[]> error;
  private final OrtSession session;
  private final Map<String, OnnxTensor> noisy;
  private OrtSession.Result result;

  /// @param planes what it gets, N×C×H×W
  /// @param error of what it makes of it, N×C×H×W
  private OnnxRuntime(
      int threads, byte[] model, float[] planes, long[] shape, ToDoubleFunction<float[]> error)
      throws OrtException {
    this.error = error;
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      session = environment.createSession(model, options);
    }
    FloatBuffer direct =
        ByteBuffer.allocateDirect(4 * planes.length).order(ByteOrder.nativeOrder()).asFloatBuffer();
    direct.put(planes).flip();
    noisy = Map.of("noisy", OnnxTensor.createTensor(environment, direct, shape));
  }

  static OnnxRuntime of(Task task, Weights weights, Images images) throws OrtException {
    int side = images.side();
    Images planes = images.planes(false);
    byte[] model =
        model(Networks.named(task.subject()), weights.entries(), images.batch(), side, side);
    long[] shape = {images.batch(), Images.CHANNELS, side, side};
    return new OnnxRuntime(task.threads(), model, planes.noisy(), shape, planes::error);
  }

  /// A model that is one convolution.
  static OnnxRuntime of(Task task, Factors factors) throws OrtException {
    Convolution s = factors.shape();
    Safetensors.Entry kernel = new Safetensors.Entry(s.spec().w().extents(), factors.w());
    byte[] model = model(s, Map.of(Convolution.KERNEL, kernel), s.n(), s.h(), s.w());
    int pixels = s.h() * s.w();
    float[] planes = Images.swapped(factors.x(), s.n(), pixels, s.c(), false);
    return new OnnxRuntime(
        task.threads(),
        model,
        planes,
        new long[] {s.n(), s.c(), s.h(), s.w()},
        got -> factors.distance(Images.swapped(got, s.n(), s.c(), pixels, false)));
  }

  private static byte[] model(
      Network network, Map<String, Safetensors.Entry> weights, int batch, int height, int width) {
    OnnxExport.Form form = new OnnxExport.Form(batch, height, width, false);
    return OnnxExport.bytes(network, weights, form, "peers", Map.of());
  }

  @Override
  public void run() throws OrtException {
    if (result != null) {
      result.close();
    }
    result = session.run(noisy);
  }

  @Override
  public double error() {
    FloatBuffer made = ((OnnxTensor) result.get(0)).getFloatBuffer();
    float[] planes = new float[made.remaining()];
    made.get(planes);
    return error.applyAsDouble(planes);
  }
}
