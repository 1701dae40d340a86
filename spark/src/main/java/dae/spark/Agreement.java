package dae.spark;

import dae.UserError;
import java.io.IOException;
import java.util.Arrays;
import org.apache.spark.BarrierTaskContext;

/// What all ranks do before any of them goes on: if one refuses, all do.
///
/// @param context of the barrier stage, whose `spark.barrier.sync.timeout` ends the waiting
record Agreement(BarrierTaskContext context) {
  private static final String REFUSED = "!";

  /// A rank's part.
  interface Part {
    /// @return what the others should know
    String run() throws IOException;
  }

  /// Does this rank's part and waits for the others.
  ///
  /// @return what each had to say
  /// @throws UserError if one of them threw one, the first one's
  String[] each(Part part) throws IOException {
    String mine;
    try {
      mine = "=" + part.run();
    } catch (UserError e) {
      mine = REFUSED + e.getMessage();
    }
    String[] all = context.allGather(mine);
    for (String each : all) {
      if (each.startsWith(REFUSED)) {
        throw new UserError(each.substring(1));
      }
    }
    return Arrays.stream(all).map(each -> each.substring(1)).toArray(String[]::new);
  }
}
