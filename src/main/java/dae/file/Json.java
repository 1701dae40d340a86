package dae.file;

import com.google.gson.JsonSyntaxException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// JSON as maps, lists, strings and numbers, by Gson's reader and writer alone, which load a
/// handful of classes.
public final class Json {
  private Json() {}

  /// Reads one value.
  ///
  /// @return a map, a list, a string, a long, a double, a Boolean or null
  /// @throws JsonSyntaxException if it is no JSON, has a key twice or goes on behind its end
  public static Object read(String text) {
    JsonReader reader = new JsonReader(new StringReader(text));
    reader.setStrictness(Strictness.STRICT);
    try {
      Object value = value(reader);
      // Throws where something follows.
      reader.peek();
      return value;
    } catch (IOException e) {
      // Its own words are advice to a programmer, on two lines.
      throw new JsonSyntaxException("something else at " + reader.getPath(), e);
    }
  }

  private static Object value(JsonReader reader) throws IOException {
    return switch (reader.peek()) {
      case BEGIN_OBJECT -> {
        Map<String, Object> map = new LinkedHashMap<>();
        reader.beginObject();
        while (reader.hasNext()) {
          String name = reader.nextName();
          if (map.containsKey(name)) {
            throw new JsonSyntaxException("the name '%s' twice".formatted(name));
          }
          map.put(name, value(reader));
        }
        reader.endObject();
        yield map;
      }
      case BEGIN_ARRAY -> {
        List<Object> list = new ArrayList<>();
        reader.beginArray();
        while (reader.hasNext()) {
          list.add(value(reader));
        }
        reader.endArray();
        yield list;
      }
      case STRING -> reader.nextString();
      case NUMBER -> number(reader.nextString());
      case BOOLEAN -> reader.nextBoolean();
      case NULL -> {
        reader.nextNull();
        yield null;
      }
      default -> throw new JsonSyntaxException("no value");
    };
  }

  /// A number as long as it is one, for sizes are counted in these.
  private static Object number(String digits) {
    try {
      return Long.valueOf(digits);
    } catch (NumberFormatException e) {
      return Double.valueOf(digits);
    }
  }

  /// Writes one value, without spaces.
  ///
  /// @param value a map, a list, a string or a long
  static byte[] write(Object value) {
    StringWriter text = new StringWriter();
    try (JsonWriter writer = new JsonWriter(text)) {
      write(value, writer);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void write(Object value, JsonWriter writer) throws IOException {
    switch (value) {
      case Map<?, ?> map -> {
        writer.beginObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          writer.name((String) entry.getKey());
          write(entry.getValue(), writer);
        }
        writer.endObject();
      }
      case List<?> list -> {
        writer.beginArray();
        for (Object each : list) {
          write(each, writer);
        }
        writer.endArray();
      }
      case String string -> writer.value(string);
      case Long number -> writer.value(number);
      default -> throw new IllegalArgumentException("JSON: expected no " + value.getClass());
    }
  }
}
