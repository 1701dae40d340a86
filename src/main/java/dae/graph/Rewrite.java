package dae.graph;

import java.util.List;

/// Replaces entries of the tape with fewer or cheaper ones that make the same values.
@FunctionalInterface
public interface Rewrite {
  /// @param tape entries in order; not to be changed
  /// @return the new entries in order
  List<Graph.Entry> apply(List<Graph.Entry> tape);
}
