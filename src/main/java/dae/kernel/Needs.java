package dae.kernel;

/// What a kernel wants to find at run time, asked once when the plan is compiled.
///
/// @param scratch floats that may hold anything between calls; all passes share one region
/// @param derived floats that keep a packed form of the weights from call to call
public record Needs(long scratch, long derived) {
  public static final Needs NOTHING = new Needs(0, 0);
}
