package dae.file;

/// What must be kept, so that a run goes on as if it had never stopped.
public interface Stateful {
  /// Puts everything in.
  void save(Tensors to);

  /// Takes everything out that [#save] put in.
  ///
  /// @throws dae.UserError if something is missing or does not fit
  void restore(Tensors from);
}
