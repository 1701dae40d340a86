package peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dae.model.Networks;
import dae.onnx.OnnxExport;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;

/// ONNX Runtime, inference only. Plain gets the network as it was trained, tuned with batch norm
/// folded beforehand (it folds by itself only into convolutions that are not transposed). Both with
/// all its own optimisations, which is its default.
final class OnnxRuntime implements Contender {
  private final Images images;
  private final long parameters;
  private final OrtSession session;
  private final Map<String, OnnxTensor> noisy;
  private OrtSession.Result result;

  OnnxRuntime(Task task, Weights weights, Images images) throws OrtException {
    this.images = images.planes(false);
    OnnxExport.Form form = new OnnxExport.Form(images.batch(), Images.SIDE, Images.SIDE, false);
    byte[] model =
        OnnxExport.bytes(
            Networks.named(task.network()), weights.entries(), form, "peers", Map.of());
    parameters = weights.count();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(task.threads());
      session = environment.createSession(model, options);
    }
    long[] shape = {images.batch(), Images.CHANNELS, Images.SIDE, Images.SIDE};
    float[] values = this.images.noisy();
    FloatBuffer direct =
        ByteBuffer.allocateDirect(4 * values.length).order(ByteOrder.nativeOrder()).asFloatBuffer();
    direct.put(values).flip();
    noisy = Map.of("noisy", OnnxTensor.createTensor(environment, direct, shape));
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
    float[] denoised = new float[images.clean().length];
    ((OnnxTensor) result.get(0)).getFloatBuffer().get(denoised);
    return images.error(denoised);
  }

  @Override
  public long parameters() {
    return parameters;
  }
}
