package dae.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import dae.UserError;
import dae.file.AtomicFile;
import dae.file.PlainFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What neither the settings nor the history of a run say, `report/run.json`.
///
/// @param training images
/// @param validation images
/// @param height of an image
/// @param width of an image
/// @param sittings one for the start and one for each time it was resumed
/// @param ended in words, how it ended; empty while it goes on
record RunNotes(
    int training, int validation, int height, int width, List<Sitting> sittings, String ended) {
  private static final Gson JSON =
      new GsonBuilder()
          .setStrictness(Strictness.STRICT)
          .setPrettyPrinting()
          .disableHtmlEscaping()
          .create();

  /// Training without a break.
  ///
  /// @param began when, in ISO 8601
  /// @param epoch in which it began, from 1
  /// @param machine what it ran on: a word for each thing, and what it is
  record Sitting(String began, int epoch, Map<String, String> machine) {}

  /// The same with another sitting.
  RunNotes with(Sitting next) {
    List<Sitting> all = new ArrayList<>(sittings);
    all.add(next);
    return new RunNotes(training, validation, height, width, all, "");
  }

  /// The same, ended.
  RunNotes ended(String how) {
    return new RunNotes(training, validation, height, width, sittings, how);
  }

  void write(Path target) throws IOException {
    byte[] json = JSON.toJson(this).getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(target, out -> out.write(json));
  }

  /// @throws UserError if it is something else
  static RunNotes read(Path source) throws IOException {
    try {
      RunNotes notes = JSON.fromJson(PlainFile.text(source), RunNotes.class);
      if (notes == null || notes.sittings == null || notes.ended == null) {
        throw new JsonParseException("a part is missing");
      }
      return notes;
    } catch (JsonParseException | java.nio.charset.CharacterCodingException e) {
      throw new UserError(
          source + ": expected notes on a run, got something else — remove the file", e);
    }
  }
}
