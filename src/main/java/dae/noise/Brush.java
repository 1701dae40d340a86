package dae.noise;

import dae.image.Canvas;
import dae.random.Draws;
import java.util.Arrays;

/// Draws strokes and blobs with smooth edges, for painters.
///
/// A stroke is collected first, the larger coverage winning where its parts overlap, and then laid
/// on the canvas at once: a half transparent line does not show its joints. Only the bounding boxes
/// of its parts are visited. Coordinates are pixels, x to the right, y down; pixel 0 reaches from 0
/// to 1.
///
/// Only exactly defined arithmetic, roots and [StrictMath] are used, so the bits depend on no
/// machine.
final class Brush {
  /// Damage was counted on scans of this width, in pixels.
  private static final float SCAN = 768;

  /// The longest straight piece of a curve: short ones have small bounding boxes.
  private static final float PIECE = 8;

  private final Canvas canvas;
  private final float[] layer;
  private final int[] left;
  private final int[] right;
  private float soft = 1;
  private float x;
  private float y;
  private float width;
  private float opacity;

  Brush(Canvas canvas) {
    this.canvas = canvas;
    layer = new float[canvas.height() * canvas.width()];
    left = new int[canvas.height()];
    right = new int[canvas.height()];
    Arrays.fill(left, Integer.MAX_VALUE);
  }

  /// What it draws on.
  Canvas canvas() {
    return canvas;
  }

  /// How many pixels one pixel of a scan is. A canvas of up to 768 pixels is a piece of such a scan
  /// or a whole one, so 1; a larger one is a finer scan of a whole picture.
  float unit() {
    return Math.max(1, Math.max(canvas.height(), canvas.width()) / SCAN);
  }

  /// The side of the square with the canvas' area, in pixels.
  float side() {
    return (float) Math.sqrt((double) canvas.height() * canvas.width());
  }

  /// The side of the square with the area of the picture that the canvas is cut out of, for what is
  /// as large as a print, not as a scratch: from the canvas' own to a scan's, 768 pixels, small
  /// ones more often (evenly in its logarithm); a larger canvas is a whole picture.
  float pictureSide(Draws draws) {
    double most = Math.max(1, SCAN / side());
    return side() * (float) StrictMath.pow(most, draws.uniform());
  }

  /// How wide the edges of what is drawn from now on are.
  ///
  /// @param pixels at least 1, which is sharp
  void soften(float pixels) {
    soft = pixels;
  }

  /// Starts a stroke.
  void move(float toX, float toY, float itsWidth, float itsOpacity) {
    x = toX;
    y = toY;
    width = itsWidth;
    opacity = itsOpacity;
  }

  /// Goes on in a straight line; width and opacity change evenly. Across it the coverage is
  /// `clamp((width/2 − distance) / soft + 1/2, 0, min(1, width))`: a line thinner than a pixel is
  /// fainter instead.
  void line(float toX, float toY, float itsWidth, float itsOpacity) {
    float dx = toX - x;
    float dy = toY - y;
    float square = dx * dx + dy * dy;
    float scale = square > 0 ? 1 / square : 0;
    float reach = (Math.max(width, itsWidth) + soft) / 2;
    int top = first(Math.min(y, toY) - reach);
    int bottom = last(Math.max(y, toY) + reach, canvas.height());
    int start = first(Math.min(x, toX) - reach);
    int end = last(Math.max(x, toX) + reach, canvas.width());
    for (int row = top; row <= bottom; row++) {
      float py = row + 0.5f - y;
      for (int column = start; column <= end; column++) {
        float px = column + 0.5f - x;
        float t = Math.clamp((px * dx + py * dy) * scale, 0f, 1f);
        float ex = px - t * dx;
        float ey = py - t * dy;
        float wide = width + t * (itsWidth - width);
        float edge = wide / 2 + soft / 2;
        float distance = ex * ex + ey * ey;
        if (distance < edge * edge) {
          float coverage = Math.min((edge - (float) Math.sqrt(distance)) / soft, Math.min(1, wide));
          cover(row, column, coverage * (opacity + t * (itsOpacity - opacity)));
        }
      }
    }
    move(toX, toY, itsWidth, itsOpacity);
  }

  /// Goes on along a quadratic Bézier curve, flattened to within a tenth of a pixel.
  ///
  /// @param midX what it is drawn to; likewise midY
  void curve(float midX, float midY, float toX, float toY, float itsWidth, float itsOpacity) {
    float fromX = x;
    float fromY = y;
    float fromWidth = width;
    float fromOpacity = opacity;
    float bend = length(fromX - 2 * midX + toX, fromY - 2 * midY + toY);
    float path = length(midX - fromX, midY - fromY) + length(toX - midX, toY - midY);
    int pieces = 1 + (int) Math.max(Math.sqrt(2.5 * bend), path / PIECE);
    for (int i = 1; i <= pieces; i++) {
      float t = (float) i / pieces;
      line(
          bezier(fromX, midX, toX, t),
          bezier(fromY, midY, toY, t),
          fromWidth + t * (itsWidth - fromWidth),
          fromOpacity + t * (itsOpacity - fromOpacity));
    }
  }

  /// The quadratic Bézier curve's coordinate at t from 0 to 1.
  static float bezier(float from, float mid, float to, float t) {
    return (1 - t) * ((1 - t) * from + 2 * t * mid) + t * t * to;
  }

  /// Fills a border. One that is smaller than a pixel is fainter instead.
  void blob(float centreX, float centreY, float radius, Border border, float itsOpacity) {
    float reach = radius * border.largest() + soft / 2;
    float most = Math.min(1, 4 * radius * radius);
    int bottom = last(centreY + reach, canvas.height());
    int end = last(centreX + reach, canvas.width());
    for (int row = first(centreY - reach); row <= bottom; row++) {
      float dy = row + 0.5f - centreY;
      for (int column = first(centreX - reach); column <= end; column++) {
        float dx = column + 0.5f - centreX;
        float distance = length(dx, dy);
        float scale = distance > 0 ? 1 / distance : 0;
        float edge = radius * border.at(dx * scale, dy * scale) - distance;
        float coverage = Math.min(edge / soft + 0.5f, most);
        if (coverage > 0) {
          cover(row, column, coverage * itsOpacity);
        }
      }
    }
  }

  /// Lays the stroke on the canvas as paint.
  void blend(float red, float green, float blue) {
    for (int row = 0; row < left.length; row++) {
      for (int column = left[row]; column <= right[row]; column++) {
        int pixel = row * canvas.width() + column;
        if (layer[pixel] > 0) {
          canvas.blend(pixel, red, green, blue, layer[pixel]);
        }
      }
    }
    clear();
  }

  /// Lays the stroke on the canvas as ink that lets the colour through.
  void multiply(float red, float green, float blue) {
    for (int row = 0; row < left.length; row++) {
      for (int column = left[row]; column <= right[row]; column++) {
        int pixel = row * canvas.width() + column;
        float c = layer[pixel];
        if (c > 0) {
          canvas.multiply(pixel, 1 - c * (1 - red), 1 - c * (1 - green), 1 - c * (1 - blue));
        }
      }
    }
    clear();
  }

  private void clear() {
    for (int row = 0; row < left.length; row++) {
      if (left[row] <= right[row]) {
        int start = row * canvas.width();
        Arrays.fill(layer, start + left[row], start + right[row] + 1, 0);
        left[row] = Integer.MAX_VALUE;
        right[row] = 0;
      }
    }
  }

  private void cover(int row, int column, float coverage) {
    int pixel = row * canvas.width() + column;
    layer[pixel] = Math.max(layer[pixel], coverage);
    left[row] = Math.min(left[row], column);
    right[row] = Math.max(right[row], column);
  }

  /// The first pixel whose centre is not in front of a coordinate.
  static int first(float from) {
    return (int) Math.max(0, Math.ceil(from - 0.5));
  }

  /// The last pixel whose centre is not behind a coordinate.
  static int last(float to, int pixels) {
    return (int) Math.min(pixels - 1, Math.floor(to - 0.5));
  }

  static float length(float dx, float dy) {
    return (float) Math.sqrt(dx * dx + dy * dy);
  }

  /// A closed line around a centre, `r(θ) = 1 + Σ aₖ·cos kθ + bₖ·sin kθ` with k from 2 (k = 1 only
  /// moves it). cos kθ and sin kθ are the parts of (cos θ + i·sin θ)ᵏ, so no angle is ever taken.
  ///
  /// @param cos a₂, a₃ …
  /// @param sin b₂, b₃ …
  record Border(float[] cos, float[] sin) {
    private static final float SMALLEST = 0.2f;

    /// 3 to 6 harmonics up to `rough / k`.
    ///
    /// @param rough 0 is a circle
    static Border of(float rough, Draws draws) {
      float[] cos = new float[3 + draws.below(4)];
      float[] sin = new float[cos.length];
      for (int i = 0; i < cos.length; i++) {
        float most = rough / (i + 2);
        cos[i] = draws.uniform(-most, most);
        sin[i] = draws.uniform(-most, most);
      }
      return new Border(cos, sin);
    }

    /// r in the direction (c, s) = (cos θ, sin θ).
    float at(float c, float s) {
      float real = c;
      float imaginary = s;
      float r = 1;
      for (int i = 0; i < cos.length; i++) {
        float next = real * c - imaginary * s;
        imaginary = real * s + imaginary * c;
        real = next;
        r += cos[i] * real + sin[i] * imaginary;
      }
      return Math.max(SMALLEST, r);
    }

    /// No r is larger.
    float largest() {
      float r = 1;
      for (int i = 0; i < cos.length; i++) {
        r += length(cos[i], sin[i]);
      }
      return r;
    }
  }
}
