package dae.model;

import static dae.tensor.Numbers.distance;
import static dae.tensor.Numbers.doubles;
import static dae.tensor.Numbers.norm;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.graph.Mode;
import dae.graph.Param;
import dae.graph.Parameters;
import dae.graph.Plan;
import dae.graph.PlanDraft;
import dae.kernel.Backend;
import dae.kernel.Poisoned;
import dae.kernel.TestBackends;
import dae.op.Fusion;
import dae.optim.Adam;
import dae.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Twelve steps of the whole model against a run in float64 by an independent framework. The bounds
/// are those of `golden/README.md`: well above what float32 costs, well below what a wrong formula
/// does.
class GoldenTrainingTest {
  private static final int N = 8;
  private static final int WIDTH = 8;
  private static final int STEPS = 12;
  private static final double RATE = 1e-3;

  private static final Golden BATCHES = Golden.read("batches");
  private static final Golden STEP_1 = Golden.read("step1");
  private static final Golden AFTER = Golden.read("after");

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void plainTape(TestBackends kind) {
    try (Backend backend = kind.open()) {
      train(backend, Mode.PLAIN_TRAINING, Mode.PLAIN_INFERENCE);
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void fusedTape(TestBackends kind) {
    try (Backend backend = kind.open()) {
      train(backend, Fusion.TRAINING, Fusion.INFERENCE);
    }
  }

  private static void train(Backend backend, Mode training, Mode inference) {
    Denoising model =
        Denoising.uploaded(new ArticleNetwork(WIDTH), Loss.MEAN_SQUARED_ERROR, 32, 32);
    Parameters parameters = new Parameters(model.graph().params(), backend, 1);
    Golden initial = Golden.read("initial");
    assertEquals(initial.file().tensors().keySet(), parameters.all().keySet(), "names");
    parameters.all().keySet().forEach(name -> parameters.set(name, initial.get(name)));
    Adam adam = new Adam(parameters, backend);
    float[] prediction = new float[N * model.denoised().shape().size()];

    Plan plan = compile(model, parameters, backend, training);
    for (int step = 0; step < STEPS; step++) {
      feed(plan, model, step);
      plan.forward(N);
      plan.backward();
      float loss = AFTER.get("losses")[step];
      assertEquals(loss, plan.scalar(model.loss()), 1e-5 * loss, "loss of step " + (step + 1));
      if (step == 0) {
        plan.download(model.denoised(), prediction, 0);
        close(STEP_1.get("step1/prediction_training_mode"), prediction, 1e-5, "prediction");
        gradients(parameters, backend, !training.rewrites().isEmpty());
      }
      adam.step(RATE, 0, plan.tensor(model.loss()));
    }
    weights(parameters);

    Plan trained = compile(model, parameters, backend, inference);
    feed(trained, model, 0);
    trained.forward(N);
    trained.download(model.denoised(), prediction, 0);
    close(AFTER.get("prediction_inference_mode_of_batch01"), prediction, 2e-5, "inference");
  }

  private static Plan compile(Denoising model, Parameters parameters, Backend backend, Mode mode) {
    return new PlanDraft(
            model.graph(), List.of(model.loss(), model.denoised()), mode, new Poisoned(backend), N)
        .open(parameters);
  }

  private static void feed(Plan plan, Denoising model, int step) {
    String batch = String.format("batch%02d/", step + 1);
    plan.upload(model.clean(), BATCHES.get(batch + "clean"), N);
    plan.upload(model.noisy(), BATCHES.get(batch + "noisy"), N);
  }

  private static void gradients(Parameters parameters, Backend backend, boolean fused) {
    for (Param param : parameters.all().values()) {
      if (!param.trainable()) {
        continue;
      }
      Tensor tensor = parameters.gradient(param);
      float[] gradient = new float[param.shape().size()];
      backend.download(tensor, 1, gradient, 0);
      String name = param.name();
      boolean idle = name.endsWith("/bias") && !name.startsWith("final_deconv");
      if (!idle) {
        close(STEP_1.get("step1/gradient/" + name), gradient, 1e-5, "gradient of " + name);
      } else if (fused) {
        assertArrayEquals(new float[gradient.length], gradient, "gradient of " + name);
      } else {
        // The true gradient in front of a batch norm is 0; what is left is rounding.
        assertTrue(norm(doubles(gradient)) < 1e-6, "gradient of " + name);
      }
    }
  }

  private static void weights(Parameters parameters) {
    double worst = 0;
    double squares = 0;
    int count = 0;
    for (Param param : parameters.all().values()) {
      String name = param.name();
      float[] expected = AFTER.get(name);
      float[] got = parameters.get(name);
      double distance = distance(doubles(expected), got);
      if (!param.trainable()) {
        double size = Math.max(norm(doubles(expected)), 1e-3);
        assertTrue(distance <= 2e-5 * size, () -> name + ": off by " + distance / size);
        continue;
      }
      for (int i = 0; i < got.length; i++) {
        worst = Math.max(worst, Math.abs(got[i] - expected[i]));
      }
      squares += distance * distance;
      count += got.length;
    }
    double rms = Math.sqrt(squares / count);
    double most = worst;
    assertTrue(most <= 1e-3, () -> "weights: off by up to " + most);
    assertTrue(rms <= 1e-5, () -> "weights: off by " + rms + " rms");
  }

  private static void close(float[] expected, float[] got, double tolerance, String what) {
    double distance = distance(doubles(expected), got);
    double length = norm(doubles(expected));
    assertTrue(distance <= tolerance * length, () -> what + ": off by " + distance / length);
  }
}
