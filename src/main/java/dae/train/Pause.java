package dae.train;

import java.time.Duration;

/// An epoch may take hours; every so often what it has reached is kept.
interface Pause {
  /// Not before the epoch's end.
  Pause NEVER =
      new Pause() {
        @Override
        public boolean due() {
          return false;
        }

        @Override
        public void take() {}
      };

  /// Whether it is time.
  boolean due();

  /// Keeps it.
  void take();

  /// At intervals, by a clock that does not go backwards.
  ///
  /// @param interval 0 for never
  static Pause every(Duration interval, Runnable keep) {
    if (interval.isZero()) {
      return NEVER;
    }
    return new Pause() {
      private long since = System.nanoTime();

      @Override
      public boolean due() {
        return System.nanoTime() - since >= interval.toNanos();
      }

      @Override
      public void take() {
        keep.run();
        since = System.nanoTime();
      }
    };
  }
}
