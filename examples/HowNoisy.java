import dae.denoise.NoiseLevel;
import dae.image.Picture;
import dae.image.PictureReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

// Adds white noise to the pictures of a folder, cut off and rounded to 8 bits, and says for how
// many of them the noise level that is found is within a tenth of the true one.
//
//   java --add-modules jdk.incubator.vector -cp target/dae-engine.jar \
//       examples/HowNoisy.java pictures
public class HowNoisy {
  public static void main(String[] args) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(Path.of(args[0]))) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    for (int sigma : new int[] {5, 15, 25, 50, 75}) {
      Random random = new Random(1);
      int found = 0;
      for (Path file : files) {
        Picture noisy = noisy(PictureReader.read(file).picture(), sigma, random);
        found += Math.abs(NoiseLevel.of(noisy).sigma() / sigma - 1) <= 0.1 ? 1 : 0;
      }
      System.out.printf("%d of 255: within a tenth for %d of %d%n", sigma, found, files.size());
    }
  }

  private static Picture noisy(Picture clean, int sigma, Random random) {
    float[] rgb = new float[clean.height() * clean.width() * Picture.CHANNELS];
    clean.colors().read(0, rgb.length, rgb, 0);
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = Math.clamp(Math.round(255 * rgb[i] + sigma * random.nextGaussian()), 0, 255) / 255f;
    }
    return new Picture(clean.height(), clean.width(), rgb, null);
  }
}
