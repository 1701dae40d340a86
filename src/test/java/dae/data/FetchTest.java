package dae.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dae.UserError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Every way a download can end, against a server on the loopback address.
@Timeout(60)
class FetchTest {
  @TempDir Path folder;

  private final byte[] content = new byte[300_000];
  private final List<String> ranges = Collections.synchronizedList(new ArrayList<>());
  private final List<Long> done = new ArrayList<>();
  private HttpServer server;
  private boolean honoursRanges = true;
  private int cutAfter = Integer.MAX_VALUE;

  @BeforeEach
  void start() throws IOException {
    new Random(1).nextBytes(content);
    content[0] = 0x1F;
    content[1] = (byte) 0x8B;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/archive", this::serve);
    server.createContext("/moved", this::redirect);
    server.createContext("/page", exchange -> answer(exchange, "<!DOCTYPE html><p>Sign in"));
    server.createContext("/nothing", exchange -> answer(exchange, ""));
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String range = exchange.getRequestHeaders().getFirst("Range");
      ranges.add(String.valueOf(range));
      int from = 0;
      if (range != null && honoursRanges) {
        from = Integer.parseInt(range.replaceAll("\\D", ""));
        if (from >= content.length) {
          exchange.sendResponseHeaders(416, -1);
          return;
        }
        String span = "bytes %d-%d/%d".formatted(from, content.length - 1, content.length);
        exchange.getResponseHeaders().set("Content-Range", span);
      }
      exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
      exchange.getResponseBody().write(content, from, Math.min(content.length - from, cutAfter));
    }
  }

  private void redirect(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("Location", "/archive");
      exchange.sendResponseHeaders(302, -1);
    }
  }

  private static void answer(HttpExchange exchange, String page) throws IOException {
    try (exchange) {
      byte[] bytes = page.getBytes();
      exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private Path fetch(String path) throws Exception {
    byte[] md5 = MessageDigest.getInstance("MD5").digest(content);
    URI uri = URI.create("http://localhost:" + server.getAddress().getPort() + path);
    String hex = HexFormat.of().formatHex(md5);
    return new Fetch(CifarFormat.CIFAR10, hex, folder, uri, (bytes, total) -> done.add(bytes))
        .run();
  }

  private String error(String path) {
    String message = assertThrows(UserError.class, () -> fetch(path)).getMessage();
    assertFalse(message.contains("\n"), message);
    assertTrue(message.contains("by hand: download https://www.cs.toronto.edu"), message);
    assertFalse(Files.exists(archive()));
    return message;
  }

  private Path archive() {
    return folder.resolve("cifar-10-binary.tar.gz");
  }

  private Path part() {
    return folder.resolve("cifar-10-binary.tar.gz.part");
  }

  private void assertWhole() throws IOException {
    assertArrayEquals(content, Files.readAllBytes(archive()));
    assertFalse(Files.exists(part()));
  }

  @Test
  void downloadsIntoANewFolderAndTellsHowFar() throws Exception {
    folder = folder.resolve("new/data");
    assertEquals(archive(), fetch("/archive"));
    assertWhole();
    assertEquals(content.length, done.getLast());
    assertEquals(done.stream().sorted().toList(), done);
    fetch("/archive");
    assertEquals(1, ranges.size(), "an archive that is there is not fetched again");
  }

  @Test
  void followsRedirects() throws Exception {
    fetch("/moved");
    assertWhole();
  }

  @Test
  void aCutConnectionKeepsThePartAndTheNextRunGoesOn() throws Exception {
    cutAfter = 100_000;
    String said = error("/archive");
    assertTrue(said.contains("lost connection after 100000 bytes"), said);
    assertEquals(100_000, Files.size(part()));
    cutAfter = 150_000;
    error("/archive");
    assertEquals(250_000, Files.size(part()));
    cutAfter = Integer.MAX_VALUE;
    fetch("/archive");
    assertWhole();
    assertEquals(List.of("null", "bytes=100000-", "bytes=250000-"), ranges);
  }

  @Test
  void startsAgainWhereTheServerHasNoRanges() throws Exception {
    honoursRanges = false;
    Files.write(part(), Arrays.copyOf(content, 1234));
    fetch("/archive");
    assertWhole();
  }

  @Test
  void startsAgainWhereThePartIsTooLong() throws Exception {
    Files.write(part(), new byte[content.length + 5]);
    fetch("/archive");
    assertWhole();
    assertEquals(2, ranges.size());
  }

  @Test
  void aWholePartNeedsNoServer() throws Exception {
    Files.write(part(), content);
    fetch("/archive");
    assertWhole();
    assertTrue(ranges.isEmpty());
  }

  @Test
  void aWrongChecksumIsDeleted() throws Exception {
    Files.write(part(), new byte[1000]);
    assertTrue(error("/archive").contains("MD5"));
    assertFalse(Files.exists(part()));
    fetch("/archive");
    assertWhole();
  }

  @Test
  void aPageIsNotAnArchive() throws Exception {
    assertTrue(error("/page").contains("a web page"));
    assertFalse(Files.exists(part()));
    Files.write(part(), Arrays.copyOf(content, 1234));
    error("/page");
    assertEquals(1234, Files.size(part()), "a good part survives a captive portal");
  }

  @Test
  void notFound() {
    assertTrue(error("/elsewhere").contains("status 404"));
    assertFalse(Files.exists(part()));
  }

  @Test
  void anEmptyAnswer() {
    error("/nothing");
  }

  @Test
  void nobodyThere() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    String url = "http://localhost:" + port + "/archive";
    String message =
        assertThrows(UserError.class, () -> Fetch.fetch("cifar100", folder, url, (d, t) -> {}))
            .getMessage();
    assertTrue(message.contains("got none"), message);
  }

  @Test
  void aHostWithoutAddress() {
    String url = "http://no-such-host.invalid/archive";
    assertThrows(UserError.class, () -> Fetch.fetch("cifar100", folder, url, (d, t) -> {}));
  }

  @Test
  void aFullDisk() throws Exception {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "this system has no /dev/full");
    Files.createSymbolicLink(part(), full);
    String message = assertThrows(UserError.class, () -> fetch("/archive")).getMessage();
    Files.delete(part());
    assertTrue(message.contains("make room"), message);
    assertFalse(Files.exists(archive()));
  }

  @Test
  void anArchiveWithAnotherChecksumIsLeftAlone() throws Exception {
    Files.writeString(archive(), "mine");
    String message = assertThrows(UserError.class, () -> fetch("/archive")).getMessage();
    assertTrue(message.contains("move it away"), message);
    assertEquals("mine", Files.readString(archive()));
  }

  @Test
  void twoDownloadsDoNotMix() throws Exception {
    try (FileChannel other =
        FileChannel.open(part(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      other.lock();
      String message = assertThrows(UserError.class, () -> fetch("/archive")).getMessage();
      assertTrue(message.contains("another download"), message);
    }
  }

  @Test
  void rejectsOtherNamesAndAddresses() {
    for (String url :
        new String[] {"", "x y", "ftp://localhost/a", "file:///etc/passwd", "http:"}) {
      assertThrows(UserError.class, () -> Fetch.fetch("cifar10", folder, url, (d, t) -> {}));
    }
    assertThrows(UserError.class, () -> Fetch.fetch("leaves", folder, null, (d, t) -> {}));
  }
}
