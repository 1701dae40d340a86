package dae.data;

import dae.UserError;
import dae.file.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/// Brings one archive's bytes into its `.part` file, going on from what is already there.
final class Download {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final CifarFormat format;
  private final URI uri;
  private final Path part;
  private final Fetch.Progress progress;

  Download(CifarFormat format, URI uri, Path part, Fetch.Progress progress) {
    this.format = format;
    this.uri = uri;
    this.part = part;
    this.progress = progress;
  }

  /// Downloads what is missing. What arrived stays in the part, whatever happens.
  ///
  /// @throws UserError if the server or the connection fails
  /// @throws IOException if the part cannot be written
  void run() throws IOException {
    try (HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .proxy(ProxySelector.getDefault())
            .build()) {
      long have = Files.isRegularFile(part) ? Files.size(part) : 0;
      HttpResponse<InputStream> response = send(client, have);
      if (have > 0 && !continuesAt(response, have) && response.statusCode() != 200) {
        response.body().close();
        have = 0;
        response = send(client, 0);
      }
      try (InputStream body = response.body()) {
        switch (response.statusCode()) {
          case 200 -> save(body, 0, length(response));
          case 206 -> save(body, have, length(response));
          default -> throw failed("the archive", "status " + response.statusCode(), "", null);
        }
      }
    }
  }

  private HttpResponse<InputStream> send(HttpClient client, long from) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(PATIENCE);
    if (from > 0) {
      request.header("Range", "bytes=" + from + "-");
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw failed("an answer", "none (" + Reason.of(e) + ")", "check the connection", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("an answer", "an interrupt", "try again", e);
    }
  }

  private static boolean continuesAt(HttpResponse<?> response, long have) {
    return response.statusCode() == 206
        && response
            .headers()
            .firstValue("Content-Range")
            .filter(range -> range.startsWith("bytes " + have + "-"))
            .isPresent();
  }

  private static long length(HttpResponse<?> response) {
    return response.headers().firstValueAsLong("Content-Length").orElse(-1);
  }

  /// Writes the body to the part, from `start` on.
  private void save(InputStream body, long start, long length) throws IOException {
    byte[] buffer = new byte[1 << 16];
    int got = receive(() -> body.readNBytes(buffer, 0, 2), start);
    boolean gzip = got == 2 && buffer[0] == 0x1F && buffer[1] == (byte) 0x8B;
    if (start == 0 && got > 0 && !gzip) {
      throw failed("a .tar.gz archive", "a web page or another file", "", null);
    }
    long done = start;
    long total = length < 0 ? -1 : start + length;
    try (FileChannel out =
        FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      lock(out);
      out.truncate(start).position(start);
      while (got > 0) {
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, got);
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        done += got;
        progress.at(done, total);
        got = receive(() -> body.read(buffer), done);
      }
      out.force(true);
    }
    if (done < total) {
      throw cut(done, null);
    }
  }

  private interface Receiving {
    int bytes() throws IOException;
  }

  /// Tells a connection that breaks from a disk that does: both are an IOException.
  private int receive(Receiving receiving, long done) {
    try {
      return receiving.bytes();
    } catch (IOException e) {
      throw cut(done, e);
    }
  }

  /// Keeps a second download out until the channel is closed.
  private void lock(FileChannel out) throws IOException {
    try {
      if (out.tryLock() != null) {
        return;
      }
    } catch (OverlappingFileLockException e) {
      throw new UserError(busy(), e);
    }
    throw new UserError(busy());
  }

  private String busy() {
    return "fetch %s: expected to be the only one writing %s, got another download — wait for it"
        .formatted(format.id, part);
  }

  private UserError cut(long done, IOException cause) {
    return failed(
        "the whole archive",
        "a lost connection after " + done + " bytes",
        "run it again to go on from there",
        cause);
  }

  /// One line that ends with the steps to do it by hand.
  UserError failed(String expected, String got, String advice, Exception cause) {
    return new UserError(
        "fetch %s: expected %s from %s, got %s — %sby hand: download %s and put it into %s"
            .formatted(
                format.id,
                expected,
                uri,
                got,
                advice.isEmpty() ? "" : advice + "; ",
                format.url(),
                part.toAbsolutePath().getParent()),
        cause);
  }
}
