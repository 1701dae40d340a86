package dae.data;

import java.util.List;
import java.util.stream.Collectors;

/// Several data sets as one: an epoch shows all of each as often as its weight says, and the test
/// images of all are measured.
final class MixedDataset implements Dataset {
  private final List<Part> parts;
  private ImageSource training;
  private Images test;

  /// One of them.
  ///
  /// @param weight how often an epoch shows each of its images
  record Part(Dataset dataset, double weight) {
    private String describe() {
      return (weight == 1 ? "" : weight + " × ") + dataset.describe();
    }
  }

  MixedDataset(List<Part> parts) {
    this.parts = parts;
  }

  @Override
  public String name() {
    return parts.stream().map(part -> part.dataset.name()).collect(Collectors.joining(" + "));
  }

  @Override
  public String describe() {
    return parts.stream().map(Part::describe).collect(Collectors.joining(" + "));
  }

  @Override
  public synchronized ImageSource training() {
    if (training == null) {
      List<ImageSource> sources =
          parts.stream().map(part -> part.dataset.training().weighted(part.weight)).toList();
      training = sources.size() == 1 ? sources.getFirst() : new Mixture(sources);
    }
    return training;
  }

  @Override
  public synchronized Images test() {
    if (test == null) {
      test = Images.together(parts.stream().map(part -> part.dataset.test()).toList());
    }
    return test;
  }
}
