package dae;

/// Something the user gave (an option, a file, a folder) does not fit. The message is one line in
/// the form *who: expected … got … — what to do*; the command line prints it to stderr without a
/// stack trace and ends with exit code 2.
///
/// @since 0.1.0
public class UserError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param message one line: what was expected, what came, what to do
  public UserError(String message) {
    super(Printable.line(message));
  }

  /// @param message one line: what was expected, what came, what to do
  /// @param cause what failed underneath; kept for debugging, never printed to the user
  public UserError(String message, Throwable cause) {
    super(Printable.line(message), cause);
  }
}
