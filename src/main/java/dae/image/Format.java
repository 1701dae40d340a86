package dae.image;

import dae.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Tells by its first bytes what a file is, whatever its name says.
enum Format {
  PNG("a PNG", "\u0089PNG\r\n\u001a\n", 0),
  JPEG("a JPEG", "\u00ff\u00d8\u00ff", 0),
  GIF("a GIF", "GIF8", 0),
  BMP("a BMP", "BM", 0),
  WEBP("a WebP", "WEBP", 8),
  TIFF_LITTLE("a TIFF", "II*\0", 0),
  TIFF_BIG("a TIFF", "MM\0*", 0),
  HEIF("a HEIC or AVIF", "ftyp", 4),
  PDF("a PDF", "%PDF", 0);

  private static final int LONGEST = 12;
  private static final String NO_FILE = "no file";
  private static final String FOLDER = "a folder";

  private final String words;
  private final String magic;
  private final int offset;

  Format(String words, String magic, int offset) {
    this.words = words;
    this.magic = magic;
    this.offset = offset;
  }

  /// @throws UserError one line that says what the file is instead
  static void requirePng(Path path) throws IOException {
    String got = describe(path);
    if (!got.equals(PNG.words)) {
      throw new UserError(path + ": expected a PNG picture, got " + got + advice(got));
    }
  }

  private static String advice(String got) {
    return switch (got) {
      case NO_FILE -> " — check the path";
      case FOLDER -> " — name a picture in it";
      default -> " — save or convert it as PNG first";
    };
  }

  private static String describe(Path path) throws IOException {
    if (!Files.exists(path)) {
      return NO_FILE;
    }
    if (Files.isDirectory(path)) {
      return FOLDER;
    }
    byte[] head;
    try (InputStream in = Files.newInputStream(path)) {
      head = in.readNBytes(LONGEST);
    }
    if (head.length == 0) {
      return "an empty file";
    }
    String text = new String(head, StandardCharsets.ISO_8859_1);
    for (Format format : values()) {
      if (text.startsWith(format.magic, format.offset)) {
        return format.words;
      }
    }
    return "something else";
  }
}
