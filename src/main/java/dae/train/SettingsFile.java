package dae.train;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSyntaxException;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import dae.UserError;
import dae.file.Json;
import dae.model.Networks;
import dae.optim.Schedule;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// [Settings] as JSON. A key that is missing, because the run is older than it, has its default; a
/// key that is unknown, because the run is newer than this program, is refused by name.
public final class SettingsFile {
  /// Version of the written form. Version 1 did not state its own and was flat.
  public static final int VERSION = 2;

  /// Where version 1's keys are now; what is not listed has stayed where it was.
  private static final Map<String, List<String>> MOVED =
      Map.ofEntries(
          Map.entry("dataset", List.of("data", "dataset")),
          Map.entry("data", List.of("data", "folder")),
          Map.entry("limit", List.of("data", "limit")),
          Map.entry("holdout", List.of("data", "holdout")),
          Map.entry("noise_once", List.of("noise", "once")),
          Map.entry("epochs", List.of("steps", "epochs")),
          Map.entry("batch_size", List.of("steps", "batch_size")),
          Map.entry("learning_rate", List.of("steps", "learning_rate")),
          Map.entry("seed", List.of("steps", "seed")));

  private static final Gson ONE_LINE =
      new GsonBuilder()
          .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
          .registerTypeHierarchyAdapter(Schedule.class, new ScheduleWord())
          .disableHtmlEscaping()
          .create();
  private static final Gson PRETTY = ONE_LINE.newBuilder().setPrettyPrinting().create();

  private SettingsFile() {}

  /// On one line.
  public static String json(Settings settings) {
    return ONE_LINE.toJson(tree(settings));
  }

  /// For people, one setting per line.
  public static String pretty(Settings settings) {
    return PRETTY.toJson(tree(settings)) + "\n";
  }

  private static JsonObject tree(Settings settings) {
    JsonObject tree = new JsonObject();
    tree.addProperty("version", VERSION);
    ONE_LINE.toJsonTree(settings).getAsJsonObject().asMap().forEach(tree::add);
    return tree;
  }

  /// A schedule as on the command line.
  private static final class ScheduleWord extends TypeAdapter<Schedule> {
    @Override
    public void write(JsonWriter out, Schedule schedule) throws IOException {
      out.value(schedule.toString());
    }

    @Override
    public Schedule read(JsonReader in) throws IOException {
      String word = in.nextString();
      return Arrays.stream(Schedule.values())
          .filter(schedule -> schedule.toString().equals(word))
          .findFirst()
          .orElseThrow(() -> new JsonSyntaxException("schedule"));
    }
  }

  /// Reads [#json] or [#pretty] back, or what an older program wrote.
  ///
  /// @param source what to call the text in an error message
  /// @throws UserError naming the key, if it is unknown or does not fit
  public static Settings parse(String source, String json) {
    Map<?, ?> given = object(source, json);
    requireVersion(source, given);
    JsonObject settings = tree(Recipes.ARTICLE.settings("", "", ""));
    Map<?, ?> nested = given.containsKey("version") ? given : nested(given);
    merge(source, nested, settings);
    settings.remove("version");
    if (!(nested.get("data") instanceof Map<?, ?> data)
        || !data.containsKey("dataset")
        || !nested.containsKey("backend")) {
      throw wrong(source, "", null);
    }
    try {
      return ONE_LINE.fromJson(settings, Settings.class);
    } catch (JsonSyntaxException e) {
      throw wrong(source, " at " + e.getMessage(), e);
    } catch (RuntimeException e) {
      // Thrown by a record's constructor, which Gson called.
      if (e.getCause() instanceof UserError outOfRange) {
        throw new UserError(source + ", " + outOfRange.getMessage(), e);
      }
      throw e;
    }
  }

  private static Map<?, ?> object(String source, String json) {
    try {
      if (Json.read(json) instanceof Map<?, ?> given) {
        return given;
      }
    } catch (JsonSyntaxException e) {
      throw wrong(source, "", e);
    }
    throw wrong(source, "", null);
  }

  private static void requireVersion(String source, Map<?, ?> given) {
    if (given.containsKey("version") && !Objects.equals(given.get("version"), (long) VERSION)) {
      throw new UserError(
          "%s: expected settings of version %d, got version %s — use the dae-engine that wrote them"
              .formatted(source, VERSION, given.get("version")));
    }
  }

  /// Version 1 in the form of version 2.
  private static Map<String, Object> nested(Map<?, ?> flat) {
    Map<String, Object> nested = new LinkedHashMap<>();
    flat.forEach((key, value) -> {
      if (key.equals("noise")) {
        group(nested, "noise").put("word", "" + value);
      } else if (MOVED.get(key) instanceof List<String> path) {
        group(nested, path.getFirst()).put(path.getLast(), value);
      } else if (key.equals("width")) {
        nested.put("network", Networks.ofWidth("" + value));
      } else {
        nested.put((String) key, value);
      }
    });
    return nested;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> group(Map<String, Object> nested, String name) {
    return (Map<String, Object>) nested.computeIfAbsent(name, key -> new LinkedHashMap<>());
  }

  /// @param into the defaults, which say what each key's value has to be
  private static void merge(String source, Map<?, ?> from, JsonObject into) {
    from.forEach((key, value) -> {
      switch (into.get((String) key)) {
        case null ->
            throw new UserError(
                "%s: expected settings that this program knows, got '%s' as well — take a newer dae-engine"
                    .formatted(source, key));
        case JsonObject group when value instanceof Map<?, ?> values ->
            merge(source, values, group);
        case JsonPrimitive known when fits(value, known) ->
            into.add((String) key, ONE_LINE.toJsonTree(value));
        default -> throw wrong(source, " at " + key, null);
      }
    });
  }

  private static boolean fits(Object value, JsonPrimitive known) {
    if (known.isBoolean()) {
      return value instanceof Boolean;
    }
    if (known.isString()) {
      return value instanceof String;
    }
    return switch (known.getAsNumber()) {
      case Integer _ -> value instanceof Long number && number == number.intValue();
      case Long _ -> value instanceof Long;
      default -> value instanceof Number;
    };
  }

  private static UserError wrong(String source, String where, Throwable cause) {
    return new UserError(
        "%s: expected the settings of a run, got something else%s — start a new run"
            .formatted(source, where),
        cause);
  }
}
