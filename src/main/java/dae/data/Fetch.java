package dae.data;

import dae.UserError;
import dae.file.PlainFile;
import dae.file.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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

  private final CifarFormat format;
  private final String md5;
  private final Path archive;
  private final Path part;
  private final Download download;

  Fetch(CifarFormat format, String md5, Path folder, URI uri, Progress progress) {
    this.format = format;
    this.md5 = md5;
    this.archive = folder.resolve(format.archive);
    this.part = folder.resolve(format.archive + ".part");
    this.download = new Download(format, uri, part, progress);
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
            .orElseThrow(() ->
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
        download.run();
        checkPart();
      }
      Files.move(part, archive, StandardCopyOption.ATOMIC_MOVE);
      return archive;
    } catch (IOException e) {
      throw new UserError(
          ("fetch %s: expected to write %s, got '%s'"
                  + " — make room or choose another folder, then run it again")
              .formatted(format.id, archive, Reason.of(e)),
          e);
    }
  }

  private void checkExisting() throws IOException {
    String got = md5(archive);
    if (!got.equals(md5)) {
      throw new UserError(
          ("fetch %s: expected no %s or the official one (MD5 %s), got one with MD5 %s"
                  + " — it may be good all the same; move it away to fetch the official one")
              .formatted(format.id, archive, md5, got));
    }
  }

  private void checkPart() throws IOException {
    String got = md5(part);
    if (!got.equals(md5)) {
      Files.delete(part);
      throw download.failed("MD5 " + md5, got, "the file was deleted; try again", null);
    }
  }

  private static String md5(Path file) throws IOException {
    try (InputStream in = PlainFile.open(file)) {
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
