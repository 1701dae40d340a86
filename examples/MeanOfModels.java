import dae.backend.Backends;
import dae.graph.Parameters;
import dae.kernel.Backend;
import dae.model.Checkpoint;
import dae.model.Models;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

// Makes a model whose weights are the mean of those of others, of the same network and trained from
// the same weights: often better than each of them (Wortsman et al., Model soups, ICML 2022).
//
//   java --add-modules jdk.incubator.vector -cp target/dae-engine.jar \
//       examples/MeanOfModels.java mean.safetensors runs/a/last.safetensors runs/b/last.safetensors
public class MeanOfModels {
  public static void main(String[] args) throws IOException {
    List<Checkpoint> models = Stream.of(args).skip(1).map(Models.ofUser()::open).toList();
    Checkpoint first = models.getFirst();
    try (Backend backend = Backends.open("scalar", 1, System.err::println);
        Parameters mean = first.parameters(backend)) {
      for (String name : mean.all().keySet()) {
        float[] sum = new float[mean.get(name).length];
        for (Checkpoint model : models) {
          float[] values = model.tensors().get(name).data();
          for (int i = 0; i < sum.length; i++) {
            sum[i] += values[i] / models.size();
          }
        }
        mean.set(name, sum);
      }
      Map<String, String> origin =
          Map.of("mean_of", String.join(", ", List.of(args).subList(1, args.length)));
      Checkpoint.save(Path.of(args[0]), first.network(), mean, origin, true);
    }
  }
}
