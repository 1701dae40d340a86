package dae.optim;

import java.util.Locale;

/// How the learning rate changes over a run of T steps, as a factor for step t = 0, 1 … T − 1.
public enum Schedule {
  /// Always 1, as in the article.
  CONSTANT {
    @Override
    public double factor(long t, long T) {
      return 1;
    }
  },

  /// `(1 + cos(π·t/T)) / 2` (Loshchilov & Hutter 2017, SGDR, without its restarts): large steps
  /// find the valley, ever smaller ones its bottom, where the noise of single batches no longer
  /// throws the weights about.
  COSINE {
    @Override
    public double factor(long t, long T) {
      return 0.5 * (1 + Math.cos(Math.PI * t / T));
    }
  };

  /// What the learning rate is multiplied by at step t of T.
  public abstract double factor(long t, long T);

  /// As it is written on a command line.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
