package dae.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.file.Safetensors;
import dae.image.Picture;
import dae.image.Png;
import dae.random.Draws;
import dae.train.History;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// The commands as a user types them, one after the other: train, evaluate, denoise.
class CommandsTest {
  private record Ran(int exitCode, String out, String err) {}

  @TempDir private static Path folder;
  private static Path pictures;
  private static Path run;
  private static Ran trained;

  @BeforeAll
  static void train() throws Exception {
    pictures = Files.createDirectories(folder.resolve("pictures"));
    for (int i = 0; i < 12; i++) {
      Png.write(random(64, 64, i, false), pictures.resolve(i + ".png"));
    }
    run = folder.resolve("run");
    trained =
        run(
            "train",
            "--recipe",
            "article",
            "--dataset",
            "" + pictures,
            "--width",
            "2",
            "--batch-size",
            "16",
            "--epochs",
            "2",
            "--noise",
            "0.2",
            "--out",
            "" + run,
            "--trace");
    assertEquals(0, trained.exitCode(), trained.err());
  }

  private static Picture random(int height, int width, int item, boolean transparent) {
    Draws draws = new Draws(3, 0, item, 0);
    float[] rgb = new float[height * width * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = draws.uniform();
    }
    byte[] alpha = transparent ? new byte[height * width] : null;
    for (int i = 0; transparent && i < alpha.length; i++) {
      alpha[i] = (byte) draws.below(256);
    }
    return new Picture(height, width, rgb, alpha);
  }

  private static Ran run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int exitCode = command.execute(args);
    return new Ran(exitCode, out.toString(), err.toString());
  }

  private static Path model() {
    return run.resolve("best.safetensors");
  }

  @Test
  void trainSaysWhatItDoesAndWhatCameOfIt() {
    List<String> lines = trained.out().lines().toList();
    assertTrue(lines.get(0).matches("epoch 1/2  loss 0\\.\\d{6}  val_mse 0\\.\\d{6} .*"));
    assertTrue(lines.get(0).endsWith("(statistics still settling)"), lines.get(0));
    assertTrue(trained.out().contains("evaluate --model " + model()), trained.out());
    assertTrue(trained.out().contains("denoise photo.png --model " + model()), trained.out());
    for (String word : List.of("device  ", "data    ", "size    ", "seed    1", "time    ")) {
      assertTrue(trained.err().contains(word), trained.err());
    }
    assertTrue(trained.err().contains("conv_block1/conv2d forward"), "no trace");
    assertTrue(
        trained.err().lines().anyMatch(line -> line.matches("merge1 forward +[0-9.]+ +[0-9.]+%")),
        "a placed concatenation moves nothing: " + trained.err());
    assertFalse(trained.err().contains("\r"), "control characters without a terminal");
  }

  @Test
  void evaluateFindsTheBestMseOfTheHistoryAgain() throws Exception {
    Path leaves = folder.resolve("leaves");
    String[] options = {
      "train",
      "--dataset",
      "leaves",
      "--limit",
      "32",
      "--width",
      "2",
      "--batch-size",
      "16",
      "--epochs",
      "2",
      "--noise",
      "0.2",
      "--out",
      "" + leaves
    };
    assertEquals(0, run(options).exitCode());
    double best =
        History.read(leaves.resolve("history.csv")).rows().stream()
            .mapToDouble(History.Row::valMse)
            .min()
            .orElseThrow();
    String model = "" + leaves.resolve("best.safetensors");
    String[] evaluate = {
      "evaluate", "--model", model, "--dataset", "leaves", "--limit", "32", "--batch-size", "3"
    };
    Ran ran = run(evaluate);
    assertEquals(0, ran.exitCode(), ran.err());
    String digits = BigDecimal.valueOf(best).toPlainString();
    assertTrue(ran.out().contains("in full  " + digits + "\n"), ran.out() + " for " + digits);
    assertTrue(ran.out().contains("noise gaussian:0.2"), "the noise it was trained with");
    assertTrue(Files.exists(leaves.resolve("evaluation-leaves.png")));
  }

  @Test
  void evaluateDrawsOverNoPicture() throws Exception {
    Path picture = pictures.resolve("0.png");
    byte[] before = Files.readAllBytes(picture);
    assertWrong("--figure", run("evaluate", "--dataset", "leaves", "--figure", "" + picture));
    assertArrayEquals(before, Files.readAllBytes(picture));
  }

  @Test
  void denoiseKeepsSizeAndTransparencyAndOverwritesNothing() throws Exception {
    Path photo = folder.resolve("photo.png");
    Picture noisy = random(37, 21, 0, true);
    Png.write(noisy, photo);

    Ran ran = run("denoise", "" + photo, "--model", "" + model());

    assertEquals(0, ran.exitCode(), ran.err());
    Path target = folder.resolve("photo-denoised.png");
    assertEquals(target + System.lineSeparator(), ran.out());
    Picture clean = Png.read(target);
    assertEquals(37, clean.height());
    assertEquals(21, clean.width());
    assertArrayEquals(noisy.alpha(), clean.alpha());
    byte[] before = Files.readAllBytes(target);
    assertWrong("-o", run("denoise", "" + photo, "--model", "" + model()));
    assertArrayEquals(before, Files.readAllBytes(target));
  }

  @Test
  void aModelOfNotANumberDrawsNoBlackPicture() throws Exception {
    Safetensors model = Safetensors.read(model());
    Path damaged = folder.resolve("damaged.safetensors");
    model.tensors().values().forEach(tensor -> Arrays.fill(tensor.data(), Float.NaN));
    model.write(damaged);
    Path photo = folder.resolve("grey.png");
    Png.write(random(16, 16, 1, false), photo);

    assertWrong("finite", run("denoise", "" + photo, "--model", "" + damaged));
    assertFalse(Files.exists(folder.resolve("grey-denoised.png")));
    Ran evaluated = run("evaluate", "--model", "" + damaged, "--dataset", "" + pictures);
    assertEquals(2, evaluated.exitCode(), evaluated.err());
    assertTrue(evaluated.err().contains("finite"), evaluated.err());
  }

  @Test
  void aModelThatNamesNoNoiseOfOursIsOneLine() throws Exception {
    Safetensors model = Safetensors.read(model());
    Map<String, String> metadata = new HashMap<>(model.metadata());
    metadata.put("noise", "1-2");
    Path strange = folder.resolve("strange.safetensors");
    new Safetensors(metadata, model.tensors()).write(strange);
    String[] command = {"evaluate", "--model", "" + strange, "--dataset", "" + pictures};
    assertWrong("say it with --noise", run(command));
    String[] said = Arrays.copyOf(command, command.length + 2);
    said[command.length] = "--noise";
    said[command.length + 1] = "0.2";
    assertEquals(0, run(said).exitCode());
  }

  @Test
  void theBuiltInModelServesWhereNoneIsNamed() throws Exception {
    Ran measured = run("evaluate", "--dataset", "leaves", "--limit", "200");
    assertEquals(0, measured.exitCode(), measured.err());
    String[] mse =
        measured
            .out()
            .lines()
            .filter(line -> line.startsWith("MSE "))
            .findFirst()
            .orElseThrow()
            .split(" +");
    // It has never seen such images; a run of three epochs on them ends at 0.0041.
    assertTrue(Double.parseDouble(mse[1]) > 0.008, measured.out());
    assertTrue(Double.parseDouble(mse[2]) < 0.004, measured.out());

    Path photo = folder.resolve("snapshot.png");
    Png.write(random(20, 30, 2, false), photo);
    Ran cleaned = run("denoise", "" + photo);
    assertEquals(0, cleaned.exitCode(), cleaned.err());
    assertEquals(30, Png.read(folder.resolve("snapshot-denoised.png")).width());
  }

  @Test
  void anEnsembleIsCloserToTheTruth() throws Exception {
    String[] command = {"evaluate", "--dataset", "leaves", "--limit", "50"};
    Ran one = run(command);
    String[] all = Arrays.copyOf(command, command.length + 1);
    all[command.length] = "--ensemble";
    Ran eight = run(all);
    assertEquals(0, eight.exitCode(), eight.err());
    String headline = eight.out().lines().findFirst().orElseThrow();
    assertTrue(headline.endsWith(", mean of eight orientations"), headline);
    assertFalse(one.out().contains("orientations"), one.out());
    assertTrue(mseInFull(eight) < mseInFull(one), one.out() + eight.out());

    Path photo = folder.resolve("eight.png");
    Png.write(random(20, 30, 2, true), photo);
    assertEquals(0, run("denoise", "" + photo).exitCode());
    Path target = folder.resolve("mean.png");
    Ran cleaned = run("denoise", "" + photo, "-o", "" + target, "--ensemble");
    assertEquals(0, cleaned.exitCode(), cleaned.err());
    Picture mean = Png.read(target);
    assertArrayEquals(Png.read(photo).alpha(), mean.alpha());
    float[] alone = Png.read(folder.resolve("eight-denoised.png")).rgb();
    assertFalse(Arrays.equals(alone, mean.rgb()), "as without");
  }

  private static double mseInFull(Ran ran) {
    return Double.parseDouble(ran.out().split("in full +")[1].strip());
  }

  @Test
  void aRunIsNeitherOverwrittenNorChanged() throws Exception {
    List<String> before = contents();
    assertWrong("--resume", run("train", "--dataset", "" + pictures, "--out", "" + run));
    assertWrong("seed", run("train", "--resume", "" + run, "--epochs", "9", "--seed", "2"));
    assertWrong("network", run("train", "--resume", "" + run, "--epochs", "9", "--width", "3"));
    assertWrong(
        "backend", run("train", "--resume", "" + run, "--epochs", "9", "--backend", "scalar"));
    assertWrong("--epochs", run("train", "--resume", "" + run));
    assertWrong("multiples of 2", run("train", "--dataset", "" + pictures, "--patch", "33"));
    assertWrong(
        "expected pictures for --patch", run("train", "--dataset", "leaves", "--patch", "32"));
    assertWrong(
        "expected pictures for --crops", run("train", "--dataset", "leaves", "--crops", "2"));
    assertWrong("check the name", run("train", "--dataset", "leaves", "--init", "nope"));
    assertWrong("names without", run("train", "--dataset", "leaves", "--dataset", "a:b"));
    assertWrong("--noise", run("evaluate", "--dataset", "" + pictures, "--noise", "pairs"));
    assertEquals(before, contents());
  }

  @Test
  void aRecipeIsNamedKeptAndNotStretched() throws Exception {
    Path other = folder.resolve("recipe");
    String[] options = {
      "train", "--dataset", "leaves", "--limit", "32", "--holdout", "100", "--width", "2",
      "--batch-size", "16", "--epochs", "1", "--schedule", "cosine", "--flip", "--ema", "0.9",
      "--bn-refresh", "--float16", "--out", "" + other
    };
    Ran ran = run(options);
    assertEquals(0, ran.exitCode(), ran.err());
    String said = "recipe  --schedule cosine --flip --ema 0.9 --bn-refresh";
    assertTrue(ran.err().lines().anyMatch(said::equals), ran.err());
    assertTrue(ran.err().contains("100 training images held out: 32 training and 32 "), ran.err());
    Safetensors model = Safetensors.read(other.resolve("last.safetensors"));
    assertEquals("cosine", model.metadata().get("schedule"));
    assertEquals(Safetensors.Dtype.F16, model.tensors().get("conv_block1/conv2d/kernel").dtype());
    assertWrong("was planned for", run("train", "--resume", "" + other, "--epochs", "2"));
    assertWrong("planned for them", run("train", "--resume", "" + other));
    assertWrong(
        "folder", run("train", "--dataset", "" + pictures, "--holdout", "5", "--out", "" + other));
    assertWrong("bn refresh", run("train", "--resume", "" + run, "--epochs", "3", "--bn-refresh"));
  }

  private static List<String> contents() throws Exception {
    try (Stream<Path> files = Files.list(run)) {
      return files
          .filter(file -> !file.toString().matches(".*evaluation.*|.*run.lock"))
          .sorted()
          .map(file -> file + " " + file.toFile().lastModified() + " " + file.toFile().length())
          .toList();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train --data nowhere",
        "train --dataset nowhere",
        "train --dataset cifar10 --data nowhere",
        "train --resume nowhere",
        "train --resume a --out b",
        "train --epochs 0",
        "train --backend abacus",
        "train --dataset leaves --batch-size 0",
        "train --dataset leaves --learning-rate 0",
        "train --dataset leaves --width 0",
        "train --dataset leaves --noise -1",
        "train --dataset leaves --limit 0",
        "train --dataset leaves --holdout -1",
        "train --dataset leaves --holdout 100000",
        "train --dataset leaves --ema 1",
        "train --dataset leaves --out=",
        "train --resume=",
        "evaluate --model nowhere",
        "evaluate --model .",
        "denoise nowhere.png --model nowhere",
        "summary --size 33",
        "summary --width 0",
        "summary --arch dense:3",
        "summary --size 4096 --width 512",
        "summary --arch article:3 --width 3",
        "train --dataset leaves --arch article:x",
        "train --dataset leaves --noise fog:1",
        "train --dataset leaves --noise gaussian:a",
        "evaluate --dataset leaves --noise 1-2",
        "fetch cifar1000",
        "doctor --backend abacus",
        "doctor --threads 0",
        "doctor --threads 100000"
      })
  void wrongInputIsOneLine(String line) throws Exception {
    List<Path> before = runs();
    assertWrong("expected", run(line.split(" ")));
    assertEquals(before, runs(), "a run's folder was made for nothing");
  }

  /// Runs of whoever builds this may be there.
  private static List<Path> runs() throws Exception {
    Path runs = Path.of("runs");
    if (!Files.exists(runs)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(runs)) {
      return folders.sorted().toList();
    }
  }

  private static void assertWrong(String part, Ran ran) {
    assertEquals(2, ran.exitCode(), ran.err());
    assertEquals("", ran.out());
    assertEquals(1, ran.err().lines().count(), ran.err());
    assertTrue(ran.err().contains(part), ran.err());
  }

  @Test
  void summaryAndDoctorAnswer() {
    Ran summary = run("summary", "--width", "8", "--size", "48");
    assertEquals(0, summary.exitCode());
    assertTrue(summary.out().contains("final_deconv/sigmoid"), summary.out());
    Ran doctor = run("doctor", "--data", "" + folder);
    assertEquals(0, doctor.exitCode(), doctor.err());
    for (String word : List.of("java", "memory", "backend", "opencl", "cifar100", "cifar10")) {
      assertTrue(doctor.out().lines().anyMatch(line -> line.startsWith(word + " ")), doctor.out());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "evaluate", "denoise", "summary", "explain", "doctor", "fetch"})
  void helpHasExamplesAndEveryOptionSaysItsDefault(String command) {
    Ran help = run(command, "--help");
    assertEquals(0, help.exitCode());
    assertTrue(help.out().contains("Example"), help.out());
    Main.commandLine().getSubcommands().get(command).getCommandSpec().options().stream()
        .filter(option -> option.arity().max() > 0 && !option.required())
        .filter(option -> !List.of("--resume", "--model").contains(option.longestName()))
        .forEach(option ->
            assertTrue(
                option.defaultValueString() != null && !option.defaultValueString().equals("null")
                    || String.join(" ", option.description()).contains("(default: "),
                option.longestName()));
  }
}
