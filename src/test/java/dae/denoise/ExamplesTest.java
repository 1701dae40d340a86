package dae.denoise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.backend.Backends;
import dae.graph.Parameters;
import dae.image.Format;
import dae.image.Kept;
import dae.image.Picture;
import dae.image.PictureWriter;
import dae.kernel.Backend;
import dae.model.Checkpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The programs in `examples/`, started as their comments say.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExamplesTest {
  @TempDir private Path folder;
  private Path noisy;
  private byte[] expected;
  private Process process;

  @BeforeEach
  void makePicture() throws IOException {
    noisy = folder.resolve("noisy.png");
    try (var out = Files.newOutputStream(noisy)) {
      PictureWriter.write(NoisyPicture.of(30, 40), Kept.plain(Format.PNG), Format.PNG, null, out);
    }
    Path clean = folder.resolve("expected.png");
    try (Denoiser denoiser = Denoiser.open("photo")) {
      denoiser.clean(noisy, clean);
    }
    expected = Files.readAllBytes(clean);
  }

  @AfterEach
  void stop() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  private BufferedReader start(String example, Object... args) throws IOException {
    String classes = System.getProperty("surefire.test.class.path");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx1g", "--add-modules", "jdk.incubator.vector", "-cp"));
    command.add(classes == null ? System.getProperty("java.class.path") : classes);
    command.add("examples/" + example + ".java");
    for (Object arg : args) {
      command.add("" + arg);
    }
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    return process.inputReader();
  }

  @Test
  void cleansAFile() throws Exception {
    Path clean = folder.resolve("clean.png");
    String said = start("CleanFile", noisy, clean).readLine();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue());
    assertTrue(said.startsWith("noise about"), said);
    assertArrayEquals(expected, Files.readAllBytes(clean));
  }

  @Test
  void servesUploads() throws Exception {
    URI address = URI.create(start("UploadServer", 0).readLine());
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<byte[]> clean = post(client, address, Files.readAllBytes(noisy));
      assertEquals(200, clean.statusCode());
      assertEquals("image/png", clean.headers().firstValue("Content-Type").orElseThrow());
      assertArrayEquals(expected, clean.body());
      HttpResponse<byte[]> refused = post(client, address, "no picture".getBytes());
      assertEquals(422, refused.statusCode());
      assertTrue(new String(refused.body()).contains("expected a picture"));
      assertEquals(413, post(client, address, new byte[20_000_001]).statusCode());
      HttpRequest get = HttpRequest.newBuilder(address).build();
      assertEquals(405, client.send(get, HttpResponse.BodyHandlers.ofString()).statusCode());
    }
  }

  private static HttpResponse<byte[]> post(HttpClient client, URI address, byte[] body)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(address).POST(HttpRequest.BodyPublishers.ofByteArray(body)).build();
    return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
  }

  @Test
  void watchesAFolder() throws Exception {
    Path in = Files.createDirectory(folder.resolve("in"));
    Path out = folder.resolve("out");
    BufferedReader said = start("WatchFolder", in, out);
    assertEquals("watching " + in, said.readLine());
    Files.writeString(in.resolve("a.png"), "no picture");
    Files.move(noisy, in.resolve("b.png"));
    assertEquals("" + out.resolve("b.png"), said.readLine());
    assertArrayEquals(expected, Files.readAllBytes(out.resolve("b.png")));
  }

  @Test
  void findsWhiteNoise() throws Exception {
    Path pictures = Files.createDirectory(folder.resolve("pictures"));
    float[] grey = new float[64 * 64 * Picture.CHANNELS];
    Arrays.fill(grey, 0.5f);
    try (var out = Files.newOutputStream(pictures.resolve("grey.png"))) {
      Picture picture = new Picture(64, 64, grey, null);
      PictureWriter.write(picture, Kept.plain(Format.PNG), Format.PNG, null, out);
    }
    assertEquals("5 of 255: within a tenth for 1 of 1", start("HowNoisy", pictures).readLine());
  }

  @Test
  void averagesModels() throws Exception {
    Path other = folder.resolve("other.safetensors");
    Path mean = folder.resolve("mean.safetensors");
    Checkpoint photo = Checkpoint.builtIn("photo");
    String name = "tail/bias";
    float[] bias = photo.tensors().get(name).data();
    try (Backend backend = Backends.open("scalar", 1, line -> {});
        Parameters weights = photo.parameters(backend)) {
      float[] more = bias.clone();
      more[1] += 2;
      weights.set(name, more);
      Checkpoint.save(other, photo.network(), weights, Map.of(), true);
    }
    start("MeanOfModels", mean, "photo", other);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue());
    bias[1] += 1;
    assertArrayEquals(bias, Checkpoint.load(mean).tensors().get(name).data(), 1e-6f);
  }
}
