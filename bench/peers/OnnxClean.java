package peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Map;
import javax.imageio.ImageIO;

/// Cleans one picture by ONNX Runtime, as a program of a few lines would: `MODEL.onnx IN OUT.png`.
/// One tile, all cores, nothing kept but the pixels.
final class OnnxClean {
  private static final int[] SHIFTS = {16, 8, 0};

  private OnnxClean() {}

  /// @param args the model, a picture with an even number of rows and columns, the file to write
  static void main(String[] args) throws IOException, OrtException {
    BufferedImage image = ImageIO.read(new File(args[1]));
    int width = image.getWidth();
    int height = image.getHeight();
    int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
    float[] planes = new float[SHIFTS.length * pixels.length];
    for (int c = 0; c < SHIFTS.length; c++) {
      for (int i = 0; i < pixels.length; i++) {
        planes[c * pixels.length + i] = (pixels[i] >> SHIFTS[c] & 0xFF) / 255f;
      }
    }
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] shape = {1, SHIFTS.length, height, width};
    try (OrtSession session = environment.createSession(args[0]);
        OnnxTensor noisy = OnnxTensor.createTensor(environment, FloatBuffer.wrap(planes), shape);
        OrtSession.Result result = session.run(Map.of("noisy", noisy))) {
      ((OnnxTensor) result.get(0)).getFloatBuffer().get(planes);
    }
    BufferedImage clean = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < pixels.length; i++) {
      int rgb = 0;
      for (int c = 0; c < SHIFTS.length; c++) {
        rgb |= Math.round(255 * planes[c * pixels.length + i]) << SHIFTS[c];
      }
      pixels[i] = rgb;
    }
    clean.setRGB(0, 0, width, height, pixels, 0, width);
    ImageIO.write(clean, "png", new File(args[2]));
  }
}
