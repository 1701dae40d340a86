package dae.cli;

import dae.Heap;
import dae.UserError;
import dae.data.Dataset;
import dae.data.Datasets;
import dae.data.ImageSource;
import dae.data.Images;
import dae.graph.Room;
import dae.graph.Trace;
import dae.kernel.Backend;
import dae.model.Checkpoint;
import dae.model.Models;
import dae.model.Network;
import dae.model.Networks;
import dae.noise.Noises;
import dae.report.Pictures;
import dae.report.RunReport;
import dae.train.Listener;
import dae.train.Recipes;
import dae.train.Run;
import dae.train.RunFile;
import dae.train.RunFolder;
import dae.train.RunLock;
import dae.train.Settings;
import dae.train.Trainer;
import dae.train.TrainerDraft;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Trains a model: says what it will do, does it, and says what to do with the result.
@Command(
    name = "train",
    description = {
      "Trains a model. Without data it trains on generated dead-leaves images.",
      "Ctrl-C finishes the batch, saves, and says how to go on."
    },
    footer = {
      "",
      "Examples:",
      "  java -jar dae-engine.jar train",
      "  java -jar dae-engine.jar train --epochs 3 --out runs/first",
      "  java -jar dae-engine.jar train --resume runs/first --epochs 10",
      "  java -jar dae-engine.jar train --dataset ~/pictures"
    })
final class TrainCommand implements Callable<Integer> {
  static final int EPOCHS_ON_LEAVES = 3;

  /// So many pixels a run on pictures sees where nothing else was said: 250,000 crops of 64×64.
  private static final long PIXELS_OF_PICTURES = 250_000L * 64 * 64;

  private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("yyyy-MM-dd_HH-mm-ss");

  @Mixin private TrainingData data;

  @Option(
      names = "--init",
      paramLabel = "MODEL",
      description =
          "Start from the weights of this model, a built-in one by name or a file, and take its"
              + " network, or name one with --arch that it is part of (default: none, random"
              + " weights; on pictures photo, if no network is named).")
  private Path init;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description =
          "How often each image is seen (default: 40; on leaves 3); on folders, unless said, as"
              + " often as makes 250,000 patches of 64×64.")
  private Integer epochs;

  @Option(names = "--batch-size", paramLabel = "N", description = "Images per step (default: 128).")
  private Integer batchSize;

  @Option(names = "--learning-rate", paramLabel = "RATE", description = "Adam's (default: 0.001).")
  private Double learningRate;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Decides initial weights, order and noise (default: 1).")
  private Long seed;

  @Mixin private NetworkOptions arch;

  @Mixin private RecipeOptions recipe;

  @Option(
      names = "--noise",
      paramLabel = "WORD",
      description =
          "The noise, such as gaussian:0.1, or its standard deviation alone; pixels are 0 to 1"
              + " (default: "
              + Noises.DEFAULT
              + "; on pictures real, on pairs what they have).")
  private String noise;

  @Option(
      names = "--noise-once",
      description = "Draw each image's noise once, not again in every epoch.")
  private Boolean noiseOnce;

  @Option(
      names = "--float16",
      description = "Save models with kernels of 16-bit floats, half as large.")
  private Boolean float16;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for the run, with no run in it yet (default: runs/<time>).")
  private Path out;

  @Option(
      names = "--resume",
      paramLabel = "RUN",
      description =
          "Go on with the run in this folder; --epochs may be larger than before, except with"
              + " --schedule cosine or --bn-refresh.")
  private Path resume;

  @Mixin private BackendOptions machine;

  @Option(
      names = "--save-every",
      paramLabel = "MINUTES",
      description =
          "Save this often, not only after each epoch, so that a power cut costs minutes; 0 for"
              + " never.")
  private double saveEvery = 5;

  @Option(names = "--trace", description = "Print the time of each operation after every epoch.")
  private boolean trace;

  @Spec private CommandSpec spec;

  private PrintWriter err;

  /// Whether this is another try, after a device has failed.
  private boolean again;

  private RunLock lock;

  @Override
  public Integer call() {
    try {
      return run();
    } finally {
      unlock();
    }
  }

  private void unlock() {
    if (lock != null) {
      lock.close();
      lock = null;
    }
  }

  private int run() {
    err = spec.commandLine().getErr();
    if (!(saveEvery >= 0 && saveEvery <= 1_000_000)) {
      throw new UserError(
          "train: expected 0 to 1000000 minutes, got " + saveEvery + " — change --save-every");
    }
    if (resume != null && out != null) {
      throw new UserError(
          "train: expected --resume or --out, got both — a resumed run stays in its folder");
    }
    if (resume != null) {
      recipe.requireNone();
    }
    RunFolder folder = new RunFolder(resume != null ? resume : out != null ? out : byTime());
    Settings before = null;
    if (resume != null) {
      folder.requireRun();
      lock = RunLock.take(folder);
      before = Run.settings(folder);
    } else {
      folder.requireNew();
    }
    Settings asked = before != null ? asked(before) : asked(fresh());
    if (before != null) {
      requireSame(before, asked);
    }
    Dataset images = TrainingData.open(asked.data(), line -> err.println("warning: " + line));
    ImageSource training = images.training();
    Images test = images.test();
    Settings planned = before == null ? planned(asked, training) : asked;
    Settings started = before;
    return machine.work(
        asked.backend(),
        backend -> {
          Settings settings = planned.on(backend.kind());
          if (started != null && !again && !started.backend().equals(settings.backend())) {
            throw changed("backend", started.backend(), settings.backend());
          }
          // From what the device saved last, if it did.
          if (again && !folder.hasRun()) {
            unlock();
          }
          boolean goOn = resume != null || again && folder.hasRun();
          again = true;
          return train(folder, settings, images, training, test, backend, goOn);
        });
  }

  /// What a new run starts from, before the options.
  private Settings fresh() {
    String name = data.name();
    boolean pictures = data.inPairs() || Datasets.anyFolder(name);
    Settings settings =
        recipe
            .named(pictures ? Recipes.PHOTO : Recipes.ARTICLE)
            .settings(name, data.folders().absolute(), "auto");
    if (name.equals("leaves")) {
      settings = settings.with(settings.steps().withEpochs(EPOCHS_ON_LEAVES));
    }
    if (pictures) {
      settings =
          settings.with(new Settings.Noise(data.inPairs() ? Noises.PAIRS : Noises.REAL, false));
    }
    String first = init != null ? "" + init : pictures && !arch.given() ? Checkpoint.PHOTO : null;
    return first == null ? settings : startingFrom(first, settings);
  }

  private Settings startingFrom(String model, Settings settings) {
    Checkpoint checkpoint = Models.ofUser().open(model, arch.word(null));
    String itsOwn = checkpoint.network().word();
    Network network = Networks.named(arch.word(itsOwn));
    if (!checkpoint.isPartOf(network)) {
      throw new UserError(
          "train: expected the network %s, that of --init %s, or one that it is part of, got %s"
                  .formatted(itsOwn, model, network.word())
              + " — leave --arch out");
    }
    return settings.withNetwork(network.word()).withInit(Models.ofUser().absolute(model));
  }

  /// With as many epochs as a folder's pictures need, unless that was said.
  private Settings planned(Settings asked, ImageSource training) {
    if (epochs != null || !(data.inPairs() || Datasets.anyFolder(asked.data().dataset()))) {
      return asked;
    }
    long pixels = (long) training.count() * training.height() * training.width();
    int enough = Math.clamp(PIXELS_OF_PICTURES / pixels, 1, asked.steps().epochs());
    return asked.with(asked.steps().withEpochs(enough));
  }

  private Settings asked(Settings base) {
    return new Settings(
        data.asked(base.data()),
        arch.word(base.network()),
        init == null ? base.init() : Models.ofUser().absolute(init.toString()),
        new Settings.Noise(or(noise, base.noise().word()), or(noiseOnce, base.noise().once())),
        new Settings.Steps(
            or(epochs, base.steps().epochs()),
            or(batchSize, base.steps().batchSize()),
            or(learningRate, base.steps().learningRate()),
            or(seed, base.steps().seed())),
        recipe.asked(base.recipe()),
        or(float16, base.float16()),
        machine.name(base.backend()));
  }

  static <T> T or(T given, T otherwise) {
    return given == null ? otherwise : given;
  }

  private static void requireSame(Settings before, Settings asked) {
    // Whether the pictures of another folder are the same, their bytes tell.
    if (!Datasets.moved(before.data().dataset(), asked.data().dataset())) {
      throw changed("dataset", before.data().dataset(), asked.data().dataset());
    }
    asked.requireEpochsOf(before);
    asked
        .with(TrainingData.moved(before.data(), asked.data()))
        .with(asked.steps().withEpochs(before.steps().epochs()))
        .on(before.backend())
        .metadata()
        .forEach((name, value) -> {
          if (!value.equals(before.metadata().get(name))) {
            throw changed(name, before.metadata().get(name), value);
          }
        });
  }

  private static UserError changed(String name, String before, String asked) {
    return new UserError(
        "train: expected the %s %s that the run was started with, got %s — only --epochs, --threads,"
                .formatted(name.replace('_', ' '), before, asked)
            + " --save-every and the places of images may change; start a new run");
  }

  private static Path byTime() {
    String name = LocalDateTime.now().format(NAME);
    Path folder = Path.of("runs", name);
    for (int i = 2; Files.exists(folder); i++) {
      folder = Path.of("runs", name + "-" + i);
    }
    return folder;
  }

  private int train(
      RunFolder folder,
      Settings settings,
      Dataset images,
      ImageSource training,
      Images test,
      Backend backend,
      boolean goOn) {
    Heap.expectLongWork();
    TrainerDraft draft = requireRoom(settings, training, test, backend);
    long process = Heap.process(draft.garbage() + (backend.memory() > 0 ? 0 : draft.bytes()));
    try (Trainer trainer = draft.open();
        Interrupt interrupt =
            Interrupt.listen("stopping after this batch; Ctrl-C again stops at once")) {
      if (!goOn && !settings.init().isEmpty()) {
        trainer.startFrom(Models.ofUser().open(settings.init(), settings.network()));
      }
      if (lock == null) {
        folder.requireNew();
        folder.create();
        lock = RunLock.take(folder);
      }
      TrainReport report = new TrainReport(spec.commandLine(), trainer);
      Trace times = trace ? new Trace(backend) : null;
      RunReport page =
          new RunReport(
              folder,
              trainer,
              machine.describe(backend),
              times,
              Again.commands(folder, settings),
              report::warned);
      List<Listener> listeners =
          List.of(lock, new Pictures(folder, trainer, report::warned), page, report);
      Run run =
          goOn ? Run.resume(folder, trainer, listeners) : Run.start(folder, trainer, listeners);
      if (resume == null && !data.named() && settings.data().dataset().equals("leaves")) {
        report.offerData(data.folders().folder());
      }
      report.begin(new Room(backend), images.describe(), draft.bytes(), process);
      page.begin();
      err.println("folder  " + folder.path() + ", in it " + RunFile.REPORT.fileName());
      report.trace(times);
      run.saveEvery(Duration.ofMillis(Math.round(60_000 * saveEvery)));
      boolean complete;
      try {
        complete = run.train(interrupt::requested);
      } catch (RuntimeException e) {
        page.ended("" + e.getMessage());
        throw e;
      } finally {
        // Whatever ended it, what is said next begins on a new line.
        report.clear();
      }
      if (complete) {
        report.end(run, data.folders());
        return 0;
      }
      page.ended("Stopped in epoch %d; it can go on.".formatted(trainer.epoch() + 1));
      report.stopped(run);
      return interrupt.exitCode();
    }
  }

  /// @throws UserError if the heap cannot hold what the run takes besides the images
  private static TrainerDraft requireRoom(
      Settings settings, ImageSource training, Images test, Backend backend) {
    IntFunction<TrainerDraft> draft =
        size ->
            new TrainerDraft(
                settings.with(settings.steps().withBatchSize(size)), training, test, backend);
    int batchSize = settings.steps().batchSize();
    TrainerDraft asked = draft.apply(batchSize);
    new Room(backend)
        .requireBatches(
            "train",
            batchSize,
            asked.bytes(),
            size -> draft.apply(size).bytes(),
            "take a smaller network");
    return asked;
  }
}
