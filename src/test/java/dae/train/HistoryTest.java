package dae.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryTest {
  @TempDir Path folder;

  @Test
  void writesPlainDecimals() throws IOException {
    History history = new History();
    history.add(new History.Row(1, 0.001556, 1.5e-4, 612.3456, 81.654));
    history.add(new History.Row(2, 1e-7, 12, 1e7, 0));
    Path file = folder.resolve("history.csv");
    history.write(file);
    assertEquals(
        """
        epoch,loss,val_mse,images_per_s,seconds
        1,0.001556,0.00015,612.35,81.65
        2,0.0000001,12,10000000.00,0.00
        """,
        Files.readString(file));
  }

  @Test
  void readsBackTheSameLosses() throws IOException {
    Random random = new Random(1);
    History history = new History();
    for (int epoch = 1; epoch <= 500; epoch++) {
      double scale = Math.pow(10, -random.nextInt(12));
      history.add(
          new History.Row(epoch, random.nextDouble() * scale, random.nextDouble(), 600.25, 80.5));
    }
    history.add(new History.Row(501, Double.NaN, Double.POSITIVE_INFINITY, 1, 1));
    Path file = folder.resolve("history.csv");
    history.write(file);
    assertEquals(history.rows(), History.read(file).rows());
    assertEquals(history.csv(), History.read(file).csv());
  }

  @Test
  void readsWhatASpreadsheetSavedWithOtherLineEnds() {
    History read =
        History.parse("h", "epoch,loss,val_mse,images_per_s,seconds\r\n1,0.5,0.25,1.00,2.00\r\n");
    assertEquals(new History.Row(1, 0.5, 0.25, 1, 2), read.rows().getFirst());
  }

  @Test
  void keepsTheFirstEpochsForAResumedRun() {
    History history = new History();
    for (int epoch = 1; epoch <= 3; epoch++) {
      history.add(new History.Row(epoch, epoch, epoch, 1, 1));
    }
    assertEquals(history.rows().subList(0, 2), history.first(2).rows());
    assertEquals(history.rows(), history.first(9).rows());
    history.first(0).add(new History.Row(1, 1, 1, 1, 1));
  }

  @Test
  void refusesAnEpochOutOfTurn() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new History().add(new History.Row(2, 0.1, 0.1, 1, 1)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2,0.5,0.5,1,1",
        "1,0.5,0.5,1",
        "1,0.5,0.5,1,1,1",
        "1,0.5,x,1,1",
        "",
        "1.0,1,1,1,1"
      })
  void namesTheDamagedLine(String line) {
    String csv = "epoch,loss,val_mse,images_per_s,seconds\n" + line + "\n";
    String message =
        assertThrows(UserError.class, () -> History.parse("run/history.csv", csv)).getMessage();
    assertTrue(
        message.startsWith("run/history.csv, line 2: expected epoch 1 and 4 numbers"), message);
    assertEquals(1, message.lines().count());
  }

  @Test
  void refusesAnotherFile() throws IOException {
    Path file = Files.write(folder.resolve("history.csv"), new byte[] {(byte) 0xC3, 0, 10});
    String message = assertThrows(UserError.class, () -> History.read(file)).getMessage();
    assertTrue(message.startsWith(file + ", line 1: expected epoch,loss"), message);
    assertThrows(UserError.class, () -> History.read(folder.resolve("none")));
  }
}
