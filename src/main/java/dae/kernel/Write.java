package dae.kernel;

/// What a kernel does to its destination. The plan decides once: of all passes that contribute to a
/// gradient the first sets it, the later ones add, so that nothing needs to be filled with zeros.
public enum Write {
  /// destination = result; the old content is never read, it may be NaN
  SET,
  /// destination += result
  ADD
}
