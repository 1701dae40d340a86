package dae.model;

import static dae.op.RepairError.repairError;

import dae.UserError;
import dae.graph.Value;
import dae.op.AbsoluteError;
import dae.op.PsnrError;
import java.util.List;

/// All losses, by name.
public final class Losses {
  /// The error of what came out beside what should have: no more than the images count.
  ///
  /// @param op records it
  private record OfImages(String word, Op op) implements Loss {
    private interface Op {
      Value of(String label, Value prediction, Value target);
    }

    @Override
    public Value of(Truth truth, Cleaned cleaned) {
      return op.of("loss", cleaned.image(), truth.clean());
    }
  }

  /// [dae.op.RepairError]: of the image and of the mask.
  private record Repair() implements Loss {
    @Override
    public String word() {
      return "repair";
    }

    @Override
    public boolean takesCover() {
      return true;
    }

    @Override
    public Value of(Truth truth, Cleaned cleaned) {
      if (cleaned.logits() == null) {
        throw new UserError(
            "loss: expected a network with a mask for repair, got one without"
                + " — take --arch restore, or another loss");
      }
      return repairError(
          "loss",
          cleaned.image(),
          truth.clean(),
          cleaned.logits(),
          truth.cover(),
          cleaned.repainted());
    }
  }

  private static final List<Loss> ALL =
      List.of(
          Loss.MEAN_SQUARED_ERROR,
          new OfImages("l1", AbsoluteError::absoluteError),
          new OfImages("psnr", PsnrError::psnrError),
          new Repair());

  private Losses() {}

  /// Finds a loss by its word.
  ///
  /// @throws UserError that lists the losses there are
  public static Loss named(String word) {
    return ALL.stream()
        .filter(loss -> loss.word().equals(word))
        .findFirst()
        .orElseThrow(() ->
            new UserError(
                "loss: expected one of %s, got '%s' — change --loss"
                    .formatted(String.join(", ", ALL.stream().map(Loss::word).toList()), word)));
  }
}
