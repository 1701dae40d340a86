import dae.UserError;
import dae.denoise.Denoiser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;

// Cleans every picture that is put into a folder, into another folder under the same name. A file
// is taken when it no longer grows; move large ones in rather than copying them.
//
//   java --add-modules jdk.incubator.vector -cp target/dae-engine.jar \
//       examples/WatchFolder.java in/ out/
public class WatchFolder {
  private static final long QUIET_MILLIS = 500;

  public static void main(String[] args) throws IOException, InterruptedException {
    Path in = Path.of(args[0]);
    Path out = Files.createDirectories(Path.of(args[1]));
    try (Denoiser denoiser = Denoiser.open("photo");
        WatchService watch = in.getFileSystem().newWatchService()) {
      in.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      System.out.println("watching " + in);
      WatchKey key;
      do {
        key = watch.take();
        for (WatchEvent<?> event : key.pollEvents()) {
          // Without a name where there were too many at once.
          if (event.context() instanceof Path name && !name.toString().startsWith(".")) {
            clean(denoiser, in.resolve(name), out.resolve(name));
          }
        }
      } while (key.reset());
    }
  }

  private static void clean(Denoiser denoiser, Path noisy, Path clean) throws InterruptedException {
    try {
      long before;
      do {
        before = Files.size(noisy);
        Thread.sleep(QUIET_MILLIS);
      } while (Files.size(noisy) != before);
      denoiser.clean(noisy, clean);
      System.out.println(clean);
    } catch (IOException | UserError e) {
      System.err.println(e.getMessage());
    }
  }
}
