package peers;

import dae.backend.Backends;
import dae.graph.Parameters;
import dae.graph.Plan;
import dae.graph.PlanDraft;
import dae.kernel.Backend;
import dae.model.Denoising;
import dae.model.Loss;
import dae.model.Networks;
import dae.optim.Adam;

/// This engine.
final class Ours implements Contender.Built {
  private final Task task;
  private final Images images;
  private final Backend backend;
  private final Denoising model;
  private final Parameters parameters;
  private final Plan plan;
  private final Adam adam;

  Ours(Task task, Weights weights, Images images) {
    this.task = task;
    this.images = images;
    backend = Backends.open("simd", task.threads());
    model =
        Denoising.uploaded(
            Networks.named(task.subject()), Loss.MEAN_SQUARED_ERROR, images.side(), images.side());
    parameters = new Parameters(model.graph().params(), backend, 1);
    weights.all().forEach((name, numbers) -> parameters.set(name, numbers.values()));
    boolean training = task.training();
    PlanDraft draft =
        training ? model.training(backend, task.batch()) : model.inference(backend, task.batch());
    plan = draft.open(parameters);
    adam = training ? new Adam(parameters, backend) : null;
    plan.upload(model.noisy(), images.noisy(), task.batch());
    if (training) {
      plan.upload(model.clean(), images.clean(), task.batch());
    }
  }

  @Override
  public void run() {
    plan.forward(task.batch());
    if (task.training()) {
      plan.backward();
      adam.step(1e-3, 0, plan.tensor(model.loss()));
    }
  }

  @Override
  public double error() {
    if (task.training()) {
      return plan.scalar(model.loss());
    }
    float[] denoised = new float[images.clean().length];
    plan.download(model.denoised(), denoised, 0);
    return images.error(denoised);
  }

  @Override
  public long parameters() {
    return parameters.all().values().stream().mapToLong(param -> param.shape().size()).sum();
  }
}
