package dae.launcher;

/** Starts the program on a JDK that can run it. */
public final class Launcher {
  private Launcher() {}

  public static void main(String[] args) throws Exception {
    Class.forName("dae.cli.Main").getMethod("main", String[].class).invoke(null, (Object) args);
  }
}
