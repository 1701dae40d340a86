package dae.kernel;

import dae.tensor.Shape;

/// The extents of one convolution: x (N×IH×IW×IC) with w (KH×KW×IC×OC) gives y (N×OH×OW×OC),
///
/// `y[n,oh,ow,oc] = Σ x[n, oh·stride − padTop + kh, ow·stride − padLeft + kw, ic] ·
/// w[kh,kw,ic,oc]`,
///
/// where pixels outside of x count as zero.
public record Conv2dSpec(
    int ih,
    int iw,
    int ic,
    int oh,
    int ow,
    int oc,
    int kh,
    int kw,
    int stride,
    int padTop,
    int padLeft) {

  /// Keras' `same` padding: ⌈n/stride⌉ outputs; of the `max((⌈n/s⌉ − 1)·s + k − n, 0)` padded
  /// pixels the smaller half lies in front.
  public static Conv2dSpec same(int h, int w, int c, int filters, int kernel, int stride) {
    int oh = Math.ceilDiv(h, stride);
    int ow = Math.ceilDiv(w, stride);
    return new Conv2dSpec(
        h,
        w,
        c,
        oh,
        ow,
        filters,
        kernel,
        kernel,
        stride,
        padding(h, oh, kernel, stride) / 2,
        padding(w, ow, kernel, stride) / 2);
  }

  /// The convolution whose input gradient is the forward pass of the transposed convolution of
  /// h×w×c to (h·stride)×(w·stride)×filters: its x is that layer's output, its y that layer's
  /// input.
  public static Conv2dSpec transposed(int h, int w, int c, int filters, int kernel, int stride) {
    return same(h * stride, w * stride, filters, c, kernel, stride);
  }

  private static int padding(int n, int outputs, int kernel, int stride) {
    return Math.max((outputs - 1) * stride + kernel - n, 0);
  }

  /// N×IH×IW×IC
  public Shape x() {
    return Shape.image(ih, iw, ic);
  }

  /// N×OH×OW×OC
  public Shape y() {
    return Shape.image(oh, ow, oc);
  }

  /// KH×KW×IC×OC
  public Shape w() {
    return Shape.filter(kh, kw, ic, oc);
  }

  /// Multiply-adds of one image in one pass, counted as if the padding were data (Keras' count).
  public long multiplyAdds() {
    return (long) oh * ow * kh * kw * ic * oc;
  }

  /// Multiply-adds of one image in one pass with real pixels only: what has to be computed.
  public long realMultiplyAdds() {
    return realTaps(oh, kh, padTop, ih) * realTaps(ow, kw, padLeft, iw) * ic * oc;
  }

  /// Pairs (output, tap) along one axis that meet a real pixel.
  private long realTaps(int outputs, int taps, int pad, int inputs) {
    long pairs = 0;
    for (int o = 0; o < outputs; o++) {
      for (int k = 0; k < taps; k++) {
        int i = o * stride - pad + k;
        pairs += i >= 0 && i < inputs ? 1 : 0;
      }
    }
    return pairs;
  }
}
