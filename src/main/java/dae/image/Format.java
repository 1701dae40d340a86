package dae.image;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What a file is, told by its first bytes whatever its name says; and what a name asks for.
public enum Format {
  PNG("a PNG", "png"),
  JPEG("a JPEG", "jpg", "jpeg", "jpe", "jfif"),
  GIF("a GIF", "gif"),
  BMP("a BMP", "bmp", "dib"),
  WEBP("a WebP", "webp"),
  TIFF("a TIFF", "tif", "tiff"),
  HEIF("a HEIC or AVIF", "heic", "heif", "hif", "avif"),
  RAW("a camera's raw file", "dng", "nef", "cr2", "cr3", "arw", "orf", "rw2", "raf", "pef", "srw"),
  PDF("a PDF", "pdf");

  /// Bytes that are enough for [#of].
  static final int HEAD = 12;

  private record Magic(String bytes, int offset, Format format) {}

  /// The more special first: a raw file may be a TIFF or lie in HEIF's container.
  private static final List<Magic> MAGIC =
      List.of(
          new Magic("\u0089PNG\r\n\u001a\n", 0, PNG),
          new Magic("\u00ff\u00d8\u00ff", 0, JPEG),
          new Magic("GIF8", 0, GIF),
          new Magic("BM", 0, BMP),
          new Magic("WEBP", 8, WEBP),
          new Magic("CR", 8, RAW),
          new Magic("ftypcrx ", 4, RAW),
          new Magic("FUJIFILM", 0, RAW),
          new Magic("IIRO", 0, RAW),
          new Magic("IIU\0", 0, RAW),
          new Magic("II*\0", 0, TIFF),
          new Magic("MM\0*", 0, TIFF),
          new Magic("II+\0", 0, TIFF),
          new Magic("MM\0+", 0, TIFF),
          new Magic("ftyp", 4, HEIF),
          new Magic("%PDF", 0, PDF));

  private final String words;
  private final List<String> suffixes;

  Format(String words, String... suffixes) {
    this.words = words;
    this.suffixes = List.of(suffixes);
  }

  /// Tells by the first [#HEAD] bytes; nothing where they show none of these.
  static Optional<Format> of(byte[] head) {
    String text = new String(head, 0, Math.min(head.length, HEAD), StandardCharsets.ISO_8859_1);
    return MAGIC.stream()
        .filter(magic -> text.startsWith(magic.bytes, magic.offset))
        .map(Magic::format)
        .findFirst();
  }

  /// What a file's name ends in; nothing where it is none of these.
  public static Optional<Format> ofName(Path file) {
    String name = ("" + file.getFileName()).toLowerCase(Locale.ROOT);
    int dot = name.lastIndexOf('.');
    String suffix = dot < 1 ? "" : name.substring(dot + 1);
    return Stream.of(values()).filter(format -> format.suffixes.contains(suffix)).findFirst();
  }

  /// With an article, for a sentence: `a PNG`.
  public String words() {
    return words;
  }

  /// All endings of names, in small letters and without the dot.
  public List<String> suffixes() {
    return suffixes;
  }

  /// The usual ending of a name, without the dot.
  public String suffix() {
    return suffixes.getFirst();
  }

  /// Whether pictures of this kind are read.
  public boolean isRead() {
    return switch (this) {
      case PNG, JPEG, GIF, BMP, WEBP, TIFF -> true;
      case HEIF, RAW, PDF -> false;
    };
  }

  /// What a cleaned picture of this kind is written as: itself, or PNG where nothing writes WebP
  /// and where 256 colours would bring the noise back.
  public Format written() {
    return switch (this) {
      case PNG, JPEG, BMP, TIFF -> this;
      case GIF, WEBP, HEIF, RAW, PDF -> PNG;
    };
  }

  /// How to make a picture of it that is read.
  String advice() {
    return switch (this) {
      case HEIF -> "convert it first: heif-convert a.heic a.png, or sips -s format png on a Mac";
      case RAW -> "develop it first, for instance with darktable, to a TIFF of 16 bits";
      case PDF -> "take its pages out first: pdftoppm -png -r 300 a.pdf page";
      default -> "save or convert it as PNG first";
    };
  }
}
