package dae.file;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/// JSON as maps, lists, strings and numbers, by Jackson's streaming parser alone: its mapper loads
/// four hundred classes, which takes longer than to read a model.
final class Json {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private Json() {}

  /// Reads one value.
  ///
  /// @return a map, a list, a string, a long, another number, a Boolean or null
  /// @throws JacksonException if it is no JSON, has a key twice or goes on behind its end
  static Object read(String text) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      parser.nextToken();
      Object value = value(parser);
      if (parser.nextToken() != null) {
        throw new StreamReadException(parser, "expected one value, got another behind it");
      }
      return value;
    }
  }

  /// The value whose first token is the current one.
  private static Object value(JsonParser parser) {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> {
        Map<String, Object> map = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
          String name = parser.currentName();
          parser.nextToken();
          map.put(name, value(parser));
        }
        yield map;
      }
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(parser));
        }
        yield list;
      }
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT ->
          parser.getNumberValue() instanceof BigInteger big ? big : (Object) parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case null, default -> throw new StreamReadException(parser, "expected a value, got its end");
    };
  }

  /// Writes one value, without spaces.
  ///
  /// @param value a map, a list, a string or a long
  static byte[] write(Object value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
      write(value, generator);
    }
    return bytes.toByteArray();
  }

  private static void write(Object value, JsonGenerator generator) {
    switch (value) {
      case Map<?, ?> map -> {
        generator.writeStartObject();
        map.forEach((name, each) -> {
          generator.writeName((String) name);
          write(each, generator);
        });
        generator.writeEndObject();
      }
      case List<?> list -> {
        generator.writeStartArray();
        list.forEach(each -> write(each, generator));
        generator.writeEndArray();
      }
      case String string -> generator.writeString(string);
      case Long number -> generator.writeNumber(number);
      default -> throw new IllegalArgumentException("JSON: expected no " + value.getClass());
    }
  }
}
