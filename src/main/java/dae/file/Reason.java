package dae.file;

import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/// Says why something failed, in a few words on one line: many exceptions' messages are only a
/// path, or missing.
public final class Reason {
  private Reason() {}

  /// The reason an exception, or the first of its causes that has one, gives.
  public static String of(Throwable failure) {
    String reason =
        switch (failure) {
          case AccessDeniedException e -> "permission denied";
          case NoSuchFileException e -> "no such file";
          case FileAlreadyExistsException e -> "a file of that name";
          case NotDirectoryException e -> "no folder";
          case CharacterCodingException e -> "bytes that are no text";
          case FileSystemException e ->
              e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
          default -> failure.getMessage();
        };
    if (reason != null) {
      return reason.replaceAll("[\\s\\p{Cntrl}]+", " ");
    }
    Throwable cause = failure.getCause();
    return cause == null ? failure.getClass().getSimpleName() : of(cause);
  }
}
