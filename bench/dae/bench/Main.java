package dae.bench;

import java.util.Arrays;
import picocli.CommandLine;

/// JMH, with `results` as one command more.
final class Main {
  private Main() {}

  static void main(String[] args) throws Exception {
    if (args.length > 0 && args[0].equals("results")) {
      String[] rest = Arrays.copyOfRange(args, 1, args.length);
      System.exit(
          new CommandLine(new Results()).setCaseInsensitiveEnumValuesAllowed(true).execute(rest));
    }
    org.openjdk.jmh.Main.main(args);
  }
}
