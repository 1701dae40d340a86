package dae.model;

import static dae.model.HalfSize.block;
import static dae.model.HalfSize.head;
import static dae.model.HalfSize.tail;
import static dae.op.Add.add;
import static dae.op.Conv2d.conv2d;
import static dae.op.ConvTranspose2d.convTranspose2d;

import dae.graph.Init;
import dae.graph.Value;
import java.util.List;

/// A U-Net (Ronneberger et al. 2015) of residual blocks (He et al. 2016) at a half, a quarter and
/// an eighth of the image's size, without batch norm. What a level makes on the way down is added
/// on the way up.
///
/// @param c1 channels at a half of the image's size
/// @param c2 channels at a quarter
/// @param c3 channels at an eighth
public record UNet(int c1, int c2, int c3) implements Network {
  static final Networks.Family FAMILY =
      new Networks.Family(
          "unet",
          "unet:HALF,QUARTER,EIGHTH",
          List.of(36, 64, 96),
          sizes -> new UNet(sizes.get(0), sizes.get(1), sizes.get(2)));

  /// @throws dae.UserError if a size is out of range
  public UNet {
    FAMILY.require(c1, c2, c3);
  }

  @Override
  public String word() {
    return FAMILY.word(c1, c2, c3);
  }

  @Override
  public int multiple() {
    return 8;
  }

  @Override
  public Cleaned denoise(Seen seen) {
    Value x1 = block("encoder1", head(seen.noisy(), c1));
    Value x2 = block("encoder2", down("down1", x1, c2));
    Value x3 = block("bottom", down("down2", x2, c3));
    Value y2 = block("decoder2", add("skip2", up("up2", x3, c2), x2));
    Value y1 = block("decoder1", add("skip1", up("up1", y2, c1), x1));
    return tail(y1, seen.noisy());
  }

  private static Value down(String name, Value x, int filters) {
    return conv2d(name, x, filters, 2, 2, Init::fanInUniform);
  }

  private static Value up(String name, Value x, int filters) {
    return convTranspose2d(name, x, filters, 2, 2, Init::fanInUniform);
  }
}
