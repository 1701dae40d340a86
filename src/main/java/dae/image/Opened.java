package dae.image;

import java.util.List;

/// A picture file in memory.
///
/// @param picture its colours and opacities
/// @param kept what else is needed to write it again as it was
/// @param notes what a user should know, one line each: only the first frame was read, for one
public record Opened(Picture picture, Kept kept, List<String> notes) {
  /// @param notes are copied
  public Opened {
    notes = List.copyOf(notes);
  }
}
