package dae.image;

/// The colour values of a picture in the depth of its source: 1 byte each for 8 bits, 2 for 16, and
/// floats for what a program computed. Loops take runs of them out as floats and put runs back.
public sealed interface Colors {
  /// How many values.
  ///
  /// @return the number
  int length();

  /// Bytes that one value takes.
  ///
  /// @return 1, 2 or 4
  int bytes();

  /// Others of the same depth, all 0.
  ///
  /// @param length how many
  /// @return new values
  Colors blank(int length);

  /// Takes a run of values out.
  ///
  /// @param from the first
  /// @param count how many
  /// @param to where to; whole numbers become 0 to 1
  /// @param at where in it
  void read(int from, int count, float[] to, int at);

  /// Puts a run of values in; where they are whole numbers, clipped to 0 to 1 and rounded.
  ///
  /// @param from where from
  /// @param at where in it
  /// @param count how many
  /// @param to the first that is replaced
  void write(float[] from, int at, int count, int to);

  /// Copies a run to other values of the same depth.
  ///
  /// @param from the first
  /// @param count how many
  /// @param other where to
  /// @param to the first that is replaced
  /// @throws ClassCastException if the other has another depth
  void copy(int from, int count, Colors other, int to);

  /// All values.
  ///
  /// @return those in memory where they are floats, else a copy, 0 to 1
  default float[] floats() {
    float[] all = new float[length()];
    read(0, all.length, all, 0);
    return all;
  }

  /// A value's share of the largest, clipped and rounded.
  private static int rounded(float value, int most) {
    return Math.round(Math.clamp(value, 0f, 1f) * most);
  }

  /// Of 8 bits.
  ///
  /// @param values without a sign
  record Bytes(byte[] values) implements Colors {
    static final int MOST = 0xFF;

    @Override
    public int length() {
      return values.length;
    }

    @Override
    public int bytes() {
      return Byte.BYTES;
    }

    @Override
    public Colors blank(int length) {
      return new Bytes(new byte[length]);
    }

    @Override
    public void read(int from, int count, float[] to, int at) {
      for (int i = 0; i < count; i++) {
        to[at + i] = (values[from + i] & MOST) / (float) MOST;
      }
    }

    @Override
    public void write(float[] from, int at, int count, int to) {
      for (int i = 0; i < count; i++) {
        values[to + i] = (byte) rounded(from[at + i], MOST);
      }
    }

    @Override
    public void copy(int from, int count, Colors other, int to) {
      System.arraycopy(values, from, ((Bytes) other).values, to, count);
    }
  }

  /// Of 16 bits.
  ///
  /// @param values without a sign
  record Shorts(short[] values) implements Colors {
    static final int MOST = 0xFFFF;

    @Override
    public int length() {
      return values.length;
    }

    @Override
    public int bytes() {
      return Short.BYTES;
    }

    @Override
    public Colors blank(int length) {
      return new Shorts(new short[length]);
    }

    @Override
    public void read(int from, int count, float[] to, int at) {
      for (int i = 0; i < count; i++) {
        to[at + i] = (values[from + i] & MOST) / (float) MOST;
      }
    }

    @Override
    public void write(float[] from, int at, int count, int to) {
      for (int i = 0; i < count; i++) {
        values[to + i] = (short) rounded(from[at + i], MOST);
      }
    }

    @Override
    public void copy(int from, int count, Colors other, int to) {
      System.arraycopy(values, from, ((Shorts) other).values, to, count);
    }
  }

  /// As they were computed.
  ///
  /// @param values in [0, 1], as a rule
  record Floats(float[] values) implements Colors {
    @Override
    public int length() {
      return values.length;
    }

    @Override
    public int bytes() {
      return Float.BYTES;
    }

    @Override
    public Colors blank(int length) {
      return new Floats(new float[length]);
    }

    @Override
    public void read(int from, int count, float[] to, int at) {
      System.arraycopy(values, from, to, at, count);
    }

    @Override
    public void write(float[] from, int at, int count, int to) {
      System.arraycopy(from, at, values, to, count);
    }

    @Override
    public void copy(int from, int count, Colors other, int to) {
      System.arraycopy(values, from, ((Floats) other).values, to, count);
    }

    @Override
    public float[] floats() {
      return values;
    }
  }
}
