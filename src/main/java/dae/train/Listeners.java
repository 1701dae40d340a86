package dae.train;

import java.util.List;
import java.util.function.Consumer;

/// Several listeners as one; they hear in the order of the list.
record Listeners(List<Listener> all) implements Listener {
  private void each(Consumer<Listener> tell) {
    all.forEach(tell);
  }

  @Override
  public void trained(int epoch, int batches, double loss) {
    each(listener -> listener.trained(epoch, batches, loss));
  }

  @Override
  public void refreshed(long images) {
    each(listener -> listener.refreshed(images));
  }

  @Override
  public void validated(int images) {
    each(listener -> listener.validated(images));
  }

  @Override
  public void saved(History history) {
    each(listener -> listener.saved(history));
  }

  @Override
  public void finished(History.Row row, boolean best) {
    each(listener -> listener.finished(row, best));
  }

  @Override
  public void warned(String line) {
    each(listener -> listener.warned(line));
  }
}
