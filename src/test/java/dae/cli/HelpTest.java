package dae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.train.Recipes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.OptionSpec;

/// The defaults that `--help` names are the true ones. Those of options with a value picocli shows
/// itself; the others are written into their descriptions, because no value means that nothing was
/// asked for.
class HelpTest {
  private static final Pattern DEFAULT = Pattern.compile("\\(default: ([\\w.:]+)[^)]*\\)");

  private static Map<String, String> said(String command) {
    Map<String, String> said = new HashMap<>();
    for (OptionSpec option :
        Main.commandLine().getSubcommands().get(command).getCommandSpec().options()) {
      Matcher text = DEFAULT.matcher(String.join(" ", option.description()));
      if (text.find()) {
        said.put(option.longestName(), text.group(1));
      }
    }
    return said;
  }

  @Test
  void trainsDefaultsAreThoseOfTheSettings() {
    Map<String, String> settings = Recipes.ARTICLE.settings("", "", "auto").metadata();
    Map<String, String> said = said("train");
    Set<String> checked = new HashSet<>();
    said.forEach((option, value) -> {
      String key = option.substring(2).replace('-', '_');
      String truth = settings.get(key.equals("arch") ? "network" : key);
      if (truth != null && !Set.of("--dataset", "--limit", "--init", "--noisy").contains(option)) {
        boolean number = truth.matches("[0-9.]+");
        assertEquals(
            number ? Double.parseDouble(truth) : truth,
            number ? Double.parseDouble(value) : value,
            option);
        checked.add(option);
      }
    });
    assertEquals(
        Set.of(
            "--epochs",
            "--patch",
            "--loss",
            "--crops",
            "--batch-size",
            "--learning-rate",
            "--seed",
            "--arch",
            "--noise",
            "--schedule",
            "--warmup",
            "--clip",
            "--beta2",
            "--ema",
            "--holdout",
            "--backend"),
        checked);
    assertEquals(settings.get("network"), "article:" + said.get("--width"));
    assertEquals("all", said.get("--limit"));
  }

  @Test
  void theOthersAreThoseOfTheCode() {
    assertEquals(new DataOptions().folder().toString(), said("train").get("--data"));
    for (String command : new String[] {"train", "evaluate", "denoise", "doctor"}) {
      assertEquals(BackendOptions.AUTO, said(command).get("--backend"), command);
    }
    String epochs =
        String.join(
            " ",
            Main.commandLine()
                .getSubcommands()
                .get("train")
                .getCommandSpec()
                .findOption("--epochs")
                .description());
    assertTrue(epochs.contains("on leaves " + TrainCommand.EPOCHS_ON_LEAVES), epochs);
  }
}
