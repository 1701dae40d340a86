import dae.denoise.Denoiser;
import java.nio.file.Path;

// Cleans one picture file.
//
//   java --add-modules jdk.incubator.vector -cp target/dae-engine.jar \
//       examples/CleanFile.java photo.jpg clean.jpg
public class CleanFile {
  public static void main(String[] args) {
    try (Denoiser denoiser = Denoiser.open("photo")) {
      denoiser.clean(Path.of(args[0]), Path.of(args[1])).forEach(System.out::println);
    }
  }
}
