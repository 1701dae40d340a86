package dae;

/// A device failed in the middle of its work. Like every [UserError] it becomes one line; a caller
/// that was free to choose the machine may catch it and go on with another.
///
/// @since 0.1.0
public final class DeviceError extends UserError {
  private static final long serialVersionUID = 1L;

  /// @param message one line: what was expected, what came, what to do
  /// @param cause what the binding said
  public DeviceError(String message, Throwable cause) {
    super(message, cause);
  }
}
