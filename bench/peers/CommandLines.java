package peers;

import dae.model.Checkpoint;
import dae.onnx.OnnxExport;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;

/// Times whole programs that clean one picture, from the start of the first process to the file, in
/// turn, and compares what comes out: `PICTURE [ROUNDS]`. Programs that are not installed are left
/// out. It asks GNU time for memory, so it is for Linux.
final class CommandLines {
  private static final double SIGMA = 25;

  /// G'MIC's patches and ImageMagick's wavelets with the best of a few settings that were tried on
  /// one picture with σ 20, scaled to [#SIGMA].
  private static final List<List<String>> PROGRAMS =
      List.of(
          List.of("java", "-jar", "target/dae-engine.jar", "denoise", "IN", "-o", "OUT", "-q"),
          List.of(
              "JAVA",
              "--enable-native-access=ALL-UNNAMED",
              "-cp",
              "HERE",
              "peers.OnnxClean",
              "MODEL",
              "IN",
              "OUT"),
          List.of("gmic", "IN", "-denoise", "25,9,5,13", "-c", "0,255", "-o", "OUT"),
          List.of("convert", "IN", "-wavelet-denoise", "16%", "OUT"));

  /// What one start of a program took.
  private record Run(double seconds, long kibibytes) {}

  private final Path folder;
  private final BufferedImage clean;
  private final Map<String, String> names = new LinkedHashMap<>();

  private CommandLines(Path folder, BufferedImage clean) {
    this.folder = folder;
    this.clean = clean;
  }

  /// @param args a clean picture, and how often each program is started (5)
  static void main(String[] args) throws IOException, InterruptedException {
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    BufferedImage picture = ImageIO.read(new File(args[0]));
    Path folder = Files.createTempDirectory("programs");
    BufferedImage even =
        picture.getSubimage(0, 0, picture.getWidth() / 2 * 2, picture.getHeight() / 2 * 2);
    new CommandLines(folder, even).measure(rounds);
  }

  private void measure(int rounds) throws IOException, InterruptedException {
    BufferedImage noisy = noisy();
    ImageIO.write(noisy, "png", folder.resolve("noisy.png").toFile());
    Path model = folder.resolve("photo.onnx");
    Checkpoint photo = Checkpoint.builtIn();
    OnnxExport.Form form = new OnnxExport.Form(false);
    Files.write(model, OnnxExport.bytes(photo.network(), photo.tensors(), form, "peers", Map.of()));
    names.put("IN", folder.resolve("noisy.png").toString());
    names.put("OUT", folder.resolve("out.png").toString());
    names.put("MODEL", model.toString());
    names.put("JAVA", Path.of(System.getProperty("java.home"), "bin", "java").toString());
    names.put("HERE", System.getProperty("java.class.path"));
    List<List<String>> programs = PROGRAMS.stream().filter(this::isThere).toList();
    Map<List<String>, List<Run>> runs = new LinkedHashMap<>();
    Map<List<String>, Double> quality = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      for (List<String> program : programs) {
        Files.deleteIfExists(folder.resolve("out.png"));
        runs.computeIfAbsent(program, p -> new ArrayList<>()).add(run(program));
        quality.put(program, psnr(ImageIO.read(folder.resolve("out.png").toFile())));
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%d × %d pixels, noise of σ %.0f: %.2f dB%n%n| program | s | least to most | MiB | dB |%n|---|---|---|---|---|%n",
        clean.getWidth(),
        clean.getHeight(),
        SIGMA,
        psnr(noisy));
    runs.forEach((program, each) -> print(program, each, quality.get(program)));
  }

  private static void print(List<String> program, List<Run> runs, double psnr) {
    double[] seconds = runs.stream().mapToDouble(Run::seconds).sorted().toArray();
    System.out.printf(
        Locale.ROOT,
        "| `%s` | %.2f | %.2f to %.2f | %d | %.2f |%n",
        String.join(" ", program),
        seconds[seconds.length / 2],
        seconds[0],
        seconds[seconds.length - 1],
        runs.stream().mapToLong(Run::kibibytes).max().orElseThrow() >> 10,
        psnr);
  }

  private boolean isThere(List<String> program) {
    String name = program.getFirst();
    return names.containsKey(name)
        || Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(bin -> Files.isExecutable(Path.of(bin, name)));
  }

  private Run run(List<String> program) throws IOException, InterruptedException {
    Path took = folder.resolve("took");
    List<String> command =
        new ArrayList<>(List.of("/usr/bin/time", "-f", "%e %M", "-o", took.toString()));
    program.forEach(word -> command.add(names.getOrDefault(word, word)));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("said").toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new IOException(
          "%s: expected it to end well, got: %s"
              .formatted(program, Files.readString(folder.resolve("said"))));
    }
    String[] numbers = Files.readString(took).trim().split(" ");
    return new Run(Double.parseDouble(numbers[0]), Long.parseLong(numbers[1]));
  }

  private BufferedImage noisy() {
    Random random = new Random(1);
    BufferedImage noisy =
        new BufferedImage(clean.getWidth(), clean.getHeight(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < clean.getHeight(); y++) {
      for (int x = 0; x < clean.getWidth(); x++) {
        int rgb = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
          double value = (clean.getRGB(x, y) >> shift & 0xFF) + SIGMA * random.nextGaussian();
          rgb |= Math.clamp(Math.round(value), 0, 255) << shift;
        }
        noisy.setRGB(x, y, rgb);
      }
    }
    return noisy;
  }

  private double psnr(BufferedImage image) {
    double sum = 0;
    for (int y = 0; y < clean.getHeight(); y++) {
      for (int x = 0; x < clean.getWidth(); x++) {
        for (int shift = 16; shift >= 0; shift -= 8) {
          int difference =
              (clean.getRGB(x, y) >> shift & 0xFF) - (image.getRGB(x, y) >> shift & 0xFF);
          sum += difference * difference;
        }
      }
    }
    double mse = sum / (3.0 * clean.getWidth() * clean.getHeight());
    return 10 * Math.log10(255 * 255 / mse);
  }
}
