package dae.kernel.scalar;

import dae.kernel.Activation;
import dae.kernel.Conv2dSpec;
import dae.kernel.ConvKernels;
import dae.kernel.Epilogue;
import dae.kernel.Exp;
import dae.kernel.Needs;
import dae.kernel.Pass;
import dae.kernel.Workspace;
import dae.kernel.Write;
import dae.tensor.Tensor;

/// The three products of a convolution, as [ConvKernels] states them.
final class ScalarConv implements ConvKernels {
  @Override
  public Needs needs(Conv2dSpec s, Pass pass, int capacity) {
    return Needs.NOTHING;
  }

  @Override
  public void forward(
      Conv2dSpec s,
      int N,
      Tensor x,
      Tensor w,
      Tensor y,
      Write write,
      Epilogue epilogue,
      Workspace workspace) {
    float[] X = x.floats(), W = w.floats(), Y = y.floats();
    for (int n = 0; n < N; n++) {
      for (int oh = 0; oh < s.oh(); oh++) {
        for (int ow = 0; ow < s.ow(); ow++) {
          for (int oc = 0; oc < s.oc(); oc++) {
            double sum = 0;
            for (int kh = 0; kh < s.kh(); kh++) {
              int ih = oh * s.stride() - s.padTop() + kh;
              for (int kw = 0; kw < s.kw(); kw++) {
                int iw = ow * s.stride() - s.padLeft() + kw;
                if (inside(s, ih, iw)) {
                  int xAt = at(x, s.ih(), s.iw(), n, ih, iw);
                  int wAt = w.offset() + (kh * s.kw() + kw) * s.ic() * s.oc() + oc;
                  for (int ic = 0; ic < s.ic(); ic++) {
                    sum += (double) X[xAt + ic] * W[wAt + ic * s.oc()];
                  }
                }
              }
            }
            store(Y, at(y, s.oh(), s.ow(), n, oh, ow) + oc, finish(sum, oc, epilogue), write);
          }
        }
      }
    }
  }

  @Override
  public void backwardInput(
      Conv2dSpec s,
      int N,
      Tensor dy,
      Tensor w,
      Tensor dx,
      Write write,
      Epilogue epilogue,
      Workspace workspace) {
    float[] DY = dy.floats(), W = w.floats(), DX = dx.floats();
    for (int n = 0; n < N; n++) {
      for (int ih = 0; ih < s.ih(); ih++) {
        for (int iw = 0; iw < s.iw(); iw++) {
          for (int ic = 0; ic < s.ic(); ic++) {
            double sum = 0;
            for (int kh = 0; kh < s.kh(); kh++) {
              int oh = output(ih + s.padTop() - kh, s.stride(), s.oh());
              for (int kw = 0; kw < s.kw(); kw++) {
                int ow = output(iw + s.padLeft() - kw, s.stride(), s.ow());
                if (oh >= 0 && ow >= 0) {
                  int dyAt = at(dy, s.oh(), s.ow(), n, oh, ow);
                  int wAt = w.offset() + ((kh * s.kw() + kw) * s.ic() + ic) * s.oc();
                  for (int oc = 0; oc < s.oc(); oc++) {
                    sum += (double) DY[dyAt + oc] * W[wAt + oc];
                  }
                }
              }
            }
            store(DX, at(dx, s.ih(), s.iw(), n, ih, iw) + ic, finish(sum, ic, epilogue), write);
          }
        }
      }
    }
  }

  @Override
  public void backwardFilter(
      Conv2dSpec s, int N, Tensor x, Tensor dy, Tensor dw, Write write, Workspace workspace) {
    float[] X = x.floats(), DY = dy.floats(), DW = dw.floats();
    for (int kh = 0; kh < s.kh(); kh++) {
      for (int kw = 0; kw < s.kw(); kw++) {
        for (int ic = 0; ic < s.ic(); ic++) {
          for (int oc = 0; oc < s.oc(); oc++) {
            double sum = 0;
            for (int n = 0; n < N; n++) {
              for (int oh = 0; oh < s.oh(); oh++) {
                int ih = oh * s.stride() - s.padTop() + kh;
                for (int ow = 0; ow < s.ow(); ow++) {
                  int iw = ow * s.stride() - s.padLeft() + kw;
                  if (inside(s, ih, iw)) {
                    sum +=
                        (double) X[at(x, s.ih(), s.iw(), n, ih, iw) + ic]
                            * DY[at(dy, s.oh(), s.ow(), n, oh, ow) + oc];
                  }
                }
              }
            }
            int dwAt = dw.offset() + ((kh * s.kw() + kw) * s.ic() + ic) * s.oc() + oc;
            store(DW, dwAt, sum, write);
          }
        }
      }
    }
  }

  private static boolean inside(Conv2dSpec s, int ih, int iw) {
    return ih >= 0 && ih < s.ih() && iw >= 0 && iw < s.iw();
  }

  /// The output index o with o·stride = scaled, or −1 where there is none.
  private static int output(int scaled, int stride, int outputs) {
    return scaled >= 0 && scaled % stride == 0 && scaled / stride < outputs ? scaled / stride : -1;
  }

  private static int at(Tensor t, int H, int W, int n, int h, int w) {
    return t.offset() + ((n * H + h) * W + w) * t.pitch();
  }

  private static double finish(double sum, int c, Epilogue epilogue) {
    double z = sum * element(epilogue.scale(), c, 1) + element(epilogue.bias(), c, 0);
    return switch (epilogue.f()) {
      case IDENTITY -> z;
      case RELU -> Math.max(z, 0);
      case LEAKY_RELU -> z > 0 ? z : Activation.SLOPE * z;
      case SIGMOID -> Exp.sigmoid((float) z);
    };
  }

  private static double element(Tensor vector, int c, double absent) {
    return vector == null ? absent : vector.floats()[vector.offset() + c];
  }

  private static void store(float[] to, int at, double sum, Write write) {
    to[at] = write == Write.SET ? (float) sum : (float) (to[at] + sum);
  }
}
