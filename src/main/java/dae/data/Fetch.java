package dae.data;

import dae.UserError;
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
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;

/// Downloads an official archive, only when the user asks for it.
///
/// The bytes go to `<archive>.part`, which survives a lost connection and is continued next time
/// (HTTP Range; a server without ranges sends it all again). Only when its MD5 is the official one
/// does it get the archive's name, in one atomic move, so the archive is whole or not there.
public final class Fetch {
  /// Hears how far a download is.
  @FunctionalInterface
  public interface Progress {
    /// @param done bytes there so far, those of an earlier attempt included
    /// @param total bytes of the whole file, or −1 if the server does not say
    void at(long done, long total);
  }

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final CifarFormat format;
  private final String md5;
  private final URI uri;
  private final Path archive;
  private final Path part;
  private final Progress progress;

  Fetch(CifarFormat format, String md5, Path folder, URI uri, Progress progress) {
    this.format = format;
    this.md5 = md5;
    this.uri = uri;
    this.archive = folder.resolve(format.archive);
    this.part = folder.resolve(format.archive + ".part");
    this.progress = progress;
  }

  /// Downloads a data set's archive into a folder, or checks the one that is already there.
  ///
  /// @param dataset `cifar100` or `cifar10`
  /// @param folder where the archive goes; made if need be
  /// @param urlOverride another address of the same archive, or null for the official one
  /// @param progress hears of each piece that arrives
  /// @return the archive
  /// @throws UserError if anything goes wrong, with the steps to do it by hand
  public static Path fetch(String dataset, Path folder, String urlOverride, Progress progress) {
    CifarFormat format =
        CifarFormat.of(dataset)
            .orElseThrow(
                () ->
                    new UserError(
                        "fetch: expected cifar100 or cifar10, got '%s' — nothing else can be fetched"
                            .formatted(dataset)));
    URI uri = uri(urlOverride == null ? format.url() : urlOverride);
    return new Fetch(format, format.md5, folder, uri, progress).run();
  }

  private static URI uri(String url) {
    try {
      URI uri = URI.create(url);
      if (uri.getHost() != null && uri.getScheme().matches("(?i)https?")) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw new UserError(notAnAddress(url), e);
    }
    throw new UserError(notAnAddress(url));
  }

  private static String notAnAddress(String url) {
    return "fetch: expected an http or https address, got '%s' — check --url".formatted(url);
  }

  Path run() {
    try {
      Files.createDirectories(archive.toAbsolutePath().getParent());
      if (Files.exists(archive)) {
        checkExisting();
        return archive;
      }
      if (!Files.isRegularFile(part) || !md5(part).equals(md5)) {
        download();
        checkPart();
      }
      Files.move(part, archive, StandardCopyOption.ATOMIC_MOVE);
      return archive;
    } catch (IOException e) {
      throw new UserError(
          "fetch %s: expected to write %s, got '%s' — make room or choose another folder, then run it again"
              .formatted(format.id, archive, reason(e)),
          e);
    }
  }

  private void checkExisting() throws IOException {
    String got = md5(archive);
    if (!got.equals(md5)) {
      throw new UserError(
          "fetch %s: expected no %s or the official one (MD5 %s), got one with MD5 %s — it may be good all the same; move it away to fetch the official one"
              .formatted(format.id, archive, md5, got));
    }
  }

  private void checkPart() throws IOException {
    String got = md5(part);
    if (!got.equals(md5)) {
      Files.delete(part);
      throw failed("MD5 " + md5, got, "the file was deleted; try again", null);
    }
  }

  private void download() throws IOException {
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
      throw failed("an answer", "none (" + reason(e) + ")", "check the connection", e);
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

  private UserError failed(String expected, String got, String advice, Exception cause) {
    return new UserError(
        "fetch %s: expected %s from %s, got %s — %sby hand: download %s and put it into %s"
            .formatted(
                format.id,
                expected,
                uri,
                got,
                advice.isEmpty() ? "" : advice + "; ",
                format.url(),
                archive.toAbsolutePath().getParent()),
        cause);
  }

  private static String reason(Throwable e) {
    String message = e.getMessage();
    for (Throwable t = e; message == null && t != null; t = t.getCause()) {
      message = t.getMessage() == null ? t.getClass().getSimpleName() : t.getMessage();
    }
    return message;
  }

  private static String md5(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      byte[] buffer = new byte[1 << 16];
      for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
        digest.update(buffer, 0, got);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }
}
