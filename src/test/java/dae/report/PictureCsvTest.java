package dae.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dae.train.PictureResult;
import dae.train.PictureResult.Covered;
import dae.train.PictureResult.Quality;
import dae.train.PictureResult.Shift;
import dae.train.PictureResults;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PictureCsvTest {
  private static final String HEADER =
      "name,width,height,noise,model,psnr_noisy,psnr_denoised,ssim_noisy,ssim_denoised,shift_red,"
          + "shift_green,shift_blue,covered,psnr_noisy_covered,psnr_denoised_covered";

  private static PictureResults results(String model, String name, double before, Covered covered) {
    return new PictureResults(
        model,
        "gaussian:0.1",
        List.of(
            new PictureResult(
                name,
                480,
                640,
                new Quality(before, 1),
                new Quality(31.25, 0.75),
                new Shift(-0.5, 0, 1 / 3.),
                covered,
                1)));
  }

  @Test
  void aRowForEachPictureOfEachModel() {
    assertEquals(
        HEADER
            + "\na/b.png,640,480,gaussian:0.1,m,20.500000,31.250000,1.000000,0.750000,-0.500000,0.000000,"
            + "0.333333,0.125000,10.000000,20.000000"
            + "\nc.png,640,480,gaussian:0.1,\"m,n\",inf,31.250000,1.000000,0.750000,-0.500000,0.000000,"
            + "0.333333,0.000000,,\n",
        PictureCsv.of(
            List.of(
                results("m", "a/b.png", 20.5, new Covered(0.125, 10, 20)),
                results("m,n", "c.png", Double.POSITIVE_INFINITY, null))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "plain name.png | plain name.png",
        "a,b.png | \"a,b.png\"",
        "a\"b.png | \"a\"\"b.png\"",
        "`a\nb.png` | `\"a\nb.png\"`",
        "Grüße.png | Grüße.png"
      })
  void namesAreQuotedWhereTheyMustBe(String name, String field) {
    String csv = PictureCsv.of(List.of(results("m", name, 20, null)));
    assertEquals(HEADER + "\n" + field, csv.substring(0, csv.indexOf(",640,480,")));
  }
}
