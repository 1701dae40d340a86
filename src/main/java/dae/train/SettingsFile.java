package dae.train;

import dae.UserError;
import dae.model.Networks;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

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

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .build();

  private SettingsFile() {}

  /// On one line.
  public static String json(Settings settings) {
    return JSON.writeValueAsString(tree(settings));
  }

  /// For people, one setting per line.
  public static String pretty(Settings settings) {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(tree(settings)) + "\n";
  }

  private static ObjectNode tree(Settings settings) {
    ObjectNode tree = JSON.createObjectNode();
    tree.put("version", VERSION);
    tree.setAll((ObjectNode) JSON.valueToTree(settings));
    return tree;
  }

  /// Reads [#json] or [#pretty] back, or what an older program wrote.
  ///
  /// @param source what to call the text in an error message
  /// @throws UserError naming the key, if it is unknown or does not fit
  public static Settings parse(String source, String json) {
    try {
      if (!(JSON.readTree(json) instanceof ObjectNode given)) {
        throw wrong(source, "", null);
      }
      requireVersion(source, given);
      ObjectNode settings = tree(Recipes.ARTICLE.settings("", "", ""));
      settings.withObject("data").putNull("dataset");
      settings.putNull("backend");
      merge(source, given.has("version") ? given : nested(given), settings);
      settings.remove("version");
      return JSON.treeToValue(settings, Settings.class);
    } catch (JacksonException e) {
      if (e.getCause() instanceof UserError outOfRange) {
        throw new UserError(source + ", " + outOfRange.getMessage(), e);
      }
      throw wrong(
          source, e.getPath().isEmpty() ? "" : " at " + e.getPath().getLast().getPropertyName(), e);
    }
  }

  private static void requireVersion(String source, ObjectNode given) {
    JsonNode version = given.get("version");
    if (version != null && !(version.isInt() && version.intValue() == VERSION)) {
      throw new UserError(
          "%s: expected settings of version %d, got version %s — use the dae-engine that wrote them"
              .formatted(source, VERSION, version));
    }
  }

  /// Version 1 in the form of version 2.
  private static ObjectNode nested(ObjectNode flat) {
    ObjectNode nested = JSON.createObjectNode();
    flat.properties()
        .forEach(entry -> {
          String key = entry.getKey();
          JsonNode value = entry.getValue();
          if (key.equals("noise")) {
            nested.withObject("noise").put("word", value.asString());
          } else if (MOVED.containsKey(key)) {
            List<String> path = MOVED.get(key);
            nested.withObject(path.getFirst()).set(path.getLast(), value);
          } else if (key.equals("width")) {
            nested.put("network", Networks.ofWidth(value.asString()));
          } else {
            nested.set(key, value);
          }
        });
    return nested;
  }

  private static void merge(String source, ObjectNode from, ObjectNode into) {
    from.properties()
        .forEach(entry -> {
          JsonNode known = into.get(entry.getKey());
          if (known == null) {
            throw new UserError(
                "%s: expected settings that this program knows, got '%s' as well — take a newer dae-engine"
                    .formatted(source, entry.getKey()));
          }
          if (known instanceof ObjectNode group && entry.getValue() instanceof ObjectNode values) {
            merge(source, values, group);
          } else {
            into.set(entry.getKey(), entry.getValue());
          }
        });
  }

  private static UserError wrong(String source, String where, Throwable cause) {
    return new UserError(
        "%s: expected the settings of a run, got something else%s — start a new run"
            .formatted(source, where),
        cause);
  }
}
