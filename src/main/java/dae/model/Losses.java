package dae.model;

import static dae.op.AbsoluteError.absoluteError;
import static dae.op.PsnrError.psnrError;
import static dae.op.RepairError.repairError;

import dae.UserError;
import dae.graph.Value;
import java.util.List;

/// All losses, by name.
public final class Losses {
  /// The mean absolute error over all values of the image.
  private record Absolute() implements Loss {
    @Override
    public String word() {
      return "l1";
    }

    @Override
    public Value of(Truth truth, Cleaned cleaned) {
      return absoluteError("loss", cleaned.image(), truth.clean());
    }
  }

  /// The mean of the images' squared errors on a logarithmic scale, as their PSNR has it.
  private record Psnr() implements Loss {
    @Override
    public String word() {
      return "psnr";
    }

    @Override
    public Value of(Truth truth, Cleaned cleaned) {
      return psnrError("loss", cleaned.image(), truth.clean());
    }
  }

  /// The mean absolute error with more weight on what was damaged, and the error of the mask.
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
      return repairError("loss", cleaned.image(), truth.clean(), cleaned.logits(), truth.cover());
    }
  }

  private static final List<Loss> ALL =
      List.of(Loss.MEAN_SQUARED_ERROR, new Absolute(), new Psnr(), new Repair());

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
