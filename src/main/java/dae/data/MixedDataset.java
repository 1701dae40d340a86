package dae.data;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Several data sets as one: an epoch shows all of each as often as its weight says, and the test
/// images of all are measured.
final class MixedDataset implements Dataset {
  private final Map<Dataset, Double> weights;
  private ImageSource training;
  private Images test;

  /// @param weights how often an epoch shows which, in their order
  MixedDataset(Map<Dataset, Double> weights) {
    this.weights = weights;
  }

  @Override
  public String name() {
    return weights.keySet().stream().map(Dataset::name).collect(Collectors.joining(" + "));
  }

  @Override
  public String describe() {
    return weights.entrySet().stream()
        .map(each ->
            (each.getValue() == 1 ? "" : each.getValue() + " × ") + each.getKey().describe())
        .collect(Collectors.joining(" + "));
  }

  @Override
  public synchronized ImageSource training() {
    if (training == null) {
      List<ImageSource> sources =
          weights.entrySet().stream()
              .map(each -> each.getKey().training().weighted(each.getValue()))
              .toList();
      training = sources.size() == 1 ? sources.getFirst() : new Mixture(sources);
    }
    return training;
  }

  @Override
  public synchronized Images test() {
    if (test == null) {
      test = Images.together(weights.keySet().stream().map(Dataset::test).toList());
    }
    return test;
  }
}
