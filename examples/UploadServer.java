import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dae.UserError;
import dae.denoise.Denoiser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;

// Cleans pictures that are posted to it from this machine: PNG, JPEG, TIFF, BMP, GIF or WebP in,
// PNG out. All requests share one denoiser.
//
//   java --add-modules jdk.incubator.vector -cp target/dae-engine.jar \
//       examples/UploadServer.java 8080
//   curl --data-binary @photo.jpg http://127.0.0.1:8080/ > clean.png
public class UploadServer {
  private static final int MOST_BYTES = 20_000_000;

  // Uploads that are held in memory at a time.
  private static final int THREADS = 4;

  public static void main(String[] args) throws IOException {
    Denoiser denoiser = Denoiser.open("photo");
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
    HttpServer server = HttpServer.create(address, 0);
    server.setExecutor(Executors.newFixedThreadPool(THREADS));
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            answer(exchange, denoiser);
          }
        });
    server.start();
    System.out.println("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  private static void answer(HttpExchange exchange, Denoiser denoiser) throws IOException {
    if (!exchange.getRequestMethod().equals("POST")) {
      send(exchange, 405, "text/plain; charset=utf-8", text("POST a picture\n"));
      return;
    }
    byte[] picture = exchange.getRequestBody().readNBytes(MOST_BYTES + 1);
    if (picture.length > MOST_BYTES) {
      send(exchange, 413, "text/plain; charset=utf-8", text("at most " + MOST_BYTES + " bytes\n"));
      return;
    }
    Path folder = Files.createTempDirectory("upload");
    Path in = folder.resolve("in");
    Path out = folder.resolve("out.png");
    try {
      Files.write(in, picture);
      denoiser.clean(in, out);
      send(exchange, 200, "image/png", Files.readAllBytes(out));
    } catch (UserError e) {
      // One line for people: no picture, a damaged one, too large for the memory.
      send(exchange, 422, "text/plain; charset=utf-8", text(e.getMessage() + "\n"));
    } finally {
      Files.deleteIfExists(in);
      Files.deleteIfExists(out);
      Files.delete(folder);
    }
  }

  private static byte[] text(String line) {
    return line.getBytes(StandardCharsets.UTF_8);
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }
}
