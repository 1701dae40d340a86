package dae.model;

import dae.UserError;
import dae.file.PlainFile;
import dae.file.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Models by name: those built in, and the user's own, which lie in one folder as
/// `NAME.safetensors`, with a card `NAME.md` beside them where somebody has written one.
///
/// @param folder where the user's own are; need not be there
/// @since 0.1.0
public record Models(Path folder) {
  private static final String ENDING = ".safetensors";
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{0,99}");

  /// A line of the table that a card begins with.
  private static final Pattern ROW = Pattern.compile("(?m)^\\| ([a-z ]+) \\| (.+) \\|$");

  /// In the folder where this system keeps a user's data.
  public static Models ofUser() {
    return new Models(
        folder(System.getProperty("os.name"), System.getProperty("user.home"), System::getenv));
  }

  static Path folder(String system, String home, UnaryOperator<String> environment) {
    String data = environment.apply("XDG_DATA_HOME");
    Path base;
    if (data != null && Path.of(data).isAbsolute()) {
      base = Path.of(data);
    } else if (system.startsWith("Windows")) {
      String local = environment.apply("LOCALAPPDATA");
      base = local == null ? Path.of(home, "AppData", "Local") : Path.of(local);
    } else if (system.startsWith("Mac")) {
      base = Path.of(home, "Library", "Application Support");
    } else {
      base = Path.of(home, ".local", "share");
    }
    return base.resolve("dae-engine").resolve("models");
  }

  /// The names of the user's own, sorted.
  ///
  /// @throws UserError when the folder cannot be read
  public List<String> own() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(ENDING))
          .map(name -> name.substring(0, name.length() - ENDING.length()))
          .filter(name -> NAME.matcher(name).matches() && !Checkpoint.BUILT_IN.contains(name))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UserError(
          folder + ": expected a folder to read, got: " + Reason.of(e) + " — check the folder", e);
    }
  }

  /// The file of one of the user's own; null where there is none of that name.
  public Path find(String name) {
    if (!NAME.matcher(name).matches()) {
      return null;
    }
    Path file = folder.resolve(name + ENDING);
    return Files.isRegularFile(file) ? file : null;
  }

  /// Where one of the user's own is to lie.
  ///
  /// @throws UserError if the name is none, or taken by a built-in model
  public Path place(String name) {
    if (!NAME.matcher(name).matches() || Checkpoint.BUILT_IN.contains(name)) {
      throw new UserError(
          "models: expected a name of letters, digits, '.', '_' and '-' that no built-in model has, got '%s' — change --name"
              .formatted(name.replaceAll("\\p{Cntrl}", "?")));
    }
    return folder.resolve(name + ENDING);
  }

  /// A model by name.
  ///
  /// @throws UserError if there is none
  public Checkpoint load(String name) {
    if (Checkpoint.BUILT_IN.contains(name)) {
      return Checkpoint.builtIn(name);
    }
    Path file = find(name);
    if (file == null) {
      throw new UserError(
          "models: expected a built-in model (%s) or one in %s, got '%s' — models lists them"
              .formatted(String.join(", ", Checkpoint.BUILT_IN), folder, name));
    }
    return Checkpoint.load(file);
  }

  /// The file of a model as somebody has named it: a file, or one of the user's own where there is
  /// no such file; null for one built in.
  public Path file(String model) {
    if (Checkpoint.BUILT_IN.contains(model)) {
      return null;
    }
    Path file = Path.of(model);
    Path own = Files.exists(file) ? null : find(model);
    return own == null ? file : own;
  }

  /// The same as text that any process understands, whatever its working folder.
  ///
  /// @return the name of one built in, or a file's path
  public String absolute(String model) {
    Path file = file(model);
    return file == null ? model : file.toAbsolutePath().normalize().toString();
  }

  /// The model that [#file] means.
  ///
  /// @throws UserError if there is none, or it is not whole
  public Checkpoint open(String model) {
    return open(model, null);
  }

  /// The same.
  ///
  /// @param network word for a file of another program, which names none; null for the article's
  /// @throws UserError if there is none, or it is not whole
  public Checkpoint open(String model, String network) {
    Path file = file(model);
    if (file == null) {
      return Checkpoint.builtIn(model);
    }
    if (!Files.exists(file)) {
      throw new UserError(
          "%s: expected a model file or the name of a built-in model (%s), got neither — check the name; models lists yours"
              .formatted(model, String.join(", ", Checkpoint.BUILT_IN)));
    }
    return Checkpoint.load(file, network);
  }

  /// What somebody has written about a model, as Markdown; null where nobody has.
  public String card(String name) {
    try {
      if (Checkpoint.BUILT_IN.contains(name)) {
        try (InputStream in = Models.class.getResourceAsStream(name + ".md")) {
          return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
      }
      Path file = find(name) == null ? null : folder.resolve(name + ".md");
      return file != null && Files.isRegularFile(file) ? PlainFile.text(file) : null;
    } catch (CharacterCodingException e) {
      throw new UserError(
          "%s.md: expected a card in UTF-8, got other bytes — save it as such or remove it"
              .formatted(folder.resolve(name)),
          e);
    } catch (IOException e) {
      throw new UserError(
          "%s.md: expected a card to read, got: %s — check the folder"
              .formatted(folder.resolve(name), Reason.of(e)),
          e);
    }
  }

  /// What a model is, in short: `noise`, `data`, `licence` and `error`, as its card or its file has
  /// it, "not said" where neither does.
  public Map<String, String> facts(String name, Checkpoint model) {
    String card = card(name);
    Map<String, String> rows = new LinkedHashMap<>();
    for (Matcher row = ROW.matcher(card == null ? "" : card); row.find(); ) {
      rows.putIfAbsent(row.group(1), row.group(2));
    }
    Map<String, String> file = model.metadata();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("noise", or(file.get("noise"), rows.get("noise")));
    facts.put("data", or(rows.get("trained on"), file.get("dataset")));
    facts.put("licence", or(rows.get("licence"), file.get(Checkpoint.LICENCE)));
    facts.put("error", or(rows.get("error"), null));
    return facts;
  }

  private static String or(String first, String second) {
    return first != null ? first : second != null && !second.isEmpty() ? second : "not said";
  }
}
