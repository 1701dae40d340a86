package dae.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dae.file.Safetensors;
import dae.graph.Param;
import dae.graph.Parameters;
import dae.graph.Plan;
import dae.graph.Value;
import dae.kernel.Backend;
import dae.kernel.scalar.ScalarBackend;
import dae.model.Checkpoint;
import dae.model.Denoising;
import dae.model.Network;
import dae.model.Networks;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// ONNX Runtime computes from our file what we compute.
class OnnxExportTest {
  private static final double CLOSE = 2e-5;

  private final Random random = new Random(3);

  /// Every network, small, and the larger of the models that are built in.
  static Stream<String> words() {
    return Stream.of(
        "article:4",
        "residual:4",
        "plain:5",
        "dense:6,4",
        "edsr:6,2",
        "unet:4,6,8",
        "restore:4,2,6,6,6,6");
  }

  @Test
  void noNetworkIsLeftOut() {
    List<String> tested = words().map(OnnxExportTest::name).toList();
    assertEquals(Networks.all().stream().map(n -> name(n.word())).toList(), tested);
  }

  private static String name(String word) {
    return word.replaceAll(":.*", "");
  }

  @ParameterizedTest
  @MethodSource("words")
  void anyNumberAndSizeOfPictures(String word) throws Exception {
    Network network = Networks.named(word);
    Map<String, Safetensors.Entry> weights = random(network);
    byte[] file = bytes(network, weights, false);
    OnnxReader.read(file).check();
    int m = network.multiple();
    compare(network, weights, file, 2, 2 * m, m);
    compare(network, weights, file, 1, m, 3 * m);
  }

  @ParameterizedTest
  @ValueSource(strings = {"article:4", "residual:4"})
  void foldedBatchNormsAreTheSame(String word) throws Exception {
    Network network = Networks.named(word);
    Map<String, Safetensors.Entry> weights = random(network);
    int m = network.multiple();
    Map<String, Safetensors.Entry> folded =
        Folding.of(Denoising.inference(network, m, m).graph(), weights);
    byte[] file = bytes(network, folded, false);
    assertFalse(OnnxReader.read(file).operators().contains("BatchNormalization"));
    OnnxReader.read(file).check();
    compare(network, weights, file, 1, 2 * m, m);
  }

  @ParameterizedTest
  @ValueSource(strings = {"photo", "restore"})
  void theBuiltInModelsInHalfTheSpace(String name) throws Exception {
    Checkpoint model = Checkpoint.builtIn(name);
    byte[] whole = bytes(model.network(), model.tensors(), false);
    byte[] half = bytes(model.network(), model.tensors(), true);
    assertTrue(half.length < 0.6 * whole.length, half.length + " of " + whole.length);
    OnnxReader.read(half).check();
    compare(model.network(), model.tensors(), half, 1, 64, 32);
  }

  @Test
  void carriesItsMetadata() {
    assertEquals(
        Map.of("network", "plain:5"),
        OnnxReader.read(bytes(Networks.named("plain:5"), random(Networks.named("plain:5")), false))
            .metadata());
  }

  private static byte[] bytes(
      Network network, Map<String, Safetensors.Entry> weights, boolean float16) {
    OnnxExport.Form form = new OnnxExport.Form(float16);
    return OnnxExport.bytes(network, weights, form, "1", Map.of("network", network.word()));
  }

  /// So that everything counts: kernels that start as zeros too, and moving statistics.
  private Map<String, Safetensors.Entry> random(Network network) {
    int m = network.multiple();
    Map<String, Safetensors.Entry> weights = new LinkedHashMap<>();
    for (Param param : Denoising.inference(network, m, m).graph().params()) {
      float[] values = new float[param.shape().size()];
      param.init().fill(values, 1, weights.size());
      float spread = param.name().endsWith("/kernel") ? 0.05f : 0.4f;
      for (int i = 0; i < values.length; i++) {
        values[i] += spread * (random.nextFloat() - 0.5f);
      }
      weights.put(param.name(), new Safetensors.Entry(param.shape().extents(), values));
    }
    return weights;
  }

  private void compare(
      Network network, Map<String, Safetensors.Entry> weights, byte[] file, int n, int h, int w)
      throws OrtException {
    float[] noisy = new float[n * h * w * 3];
    for (int i = 0; i < noisy.length; i++) {
      noisy[i] = random.nextFloat();
    }
    Denoising model = Denoising.inference(network, h, w);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] shape = {n, 3, h, w};
    try (Backend backend = new ScalarBackend();
        Parameters parameters = new Parameters(model.graph().params(), backend, 0);
        Plan plan = model.inference(backend, n).open(parameters);
        OrtSession session = environment.createSession(file);
        OnnxTensor in =
            OnnxTensor.createTensor(
                environment, FloatBuffer.wrap(planes(noisy, n, h * w, 3)), shape);
        OrtSession.Result result = session.run(Map.of("noisy", in))) {
      weights.forEach((name, entry) -> parameters.set(name, entry.data()));
      plan.upload(model.noisy(), noisy, n);
      plan.forward(n);
      same(plan, model.denoised(), (OnnxTensor) result.get("denoised").orElseThrow(), n);
      if (model.cleaned().mask() != null) {
        same(plan, model.cleaned().mask(), (OnnxTensor) result.get("mask").orElseThrow(), n);
      }
    }
  }

  private static void same(Plan plan, Value value, OnnxTensor theirs, int n) {
    int c = value.shape().c();
    float[] ours = new float[n * value.shape().size()];
    plan.download(value, ours, 0);
    float[] expected = planes(ours, n, value.shape().size() / c, c);
    float[] got = new float[expected.length];
    theirs.getFloatBuffer().get(got);
    double worst = 0;
    double mean = 0;
    for (int i = 0; i < got.length; i++) {
      worst = Math.max(worst, Math.abs(got[i] - expected[i]));
      mean += expected[i] / got.length;
    }
    assertTrue(worst <= CLOSE, value.name() + ": off by " + worst);
    double spread = 0;
    for (float v : expected) {
      spread += Math.pow(v - mean, 2) / expected.length;
    }
    assertTrue(spread > 1e-8, value.name() + " says nothing: " + spread);
  }

  private static float[] planes(float[] pixels, int n, int area, int c) {
    float[] planes = new float[pixels.length];
    for (int i = 0; i < n; i++) {
      for (int p = 0; p < area; p++) {
        for (int k = 0; k < c; k++) {
          planes[(i * c + k) * area + p] = pixels[(i * area + p) * c + k];
        }
      }
    }
    return planes;
  }
}
