package dae;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Who may use whom, checked on the bytecode.
///
/// ```
/// cli ──► train ──► model ──► op ──► graph ──► kernel ──► tensor
///          ├──► optim ─────────────► graph
///          └──► data ──► image
/// backend ──► kernel.scalar · kernel.simd · kernel.opencl ──► kernel
/// ```
class ArchitectureTest {
  /// Open to all and using nothing of ours but each other.
  private static final Set<String> LEAVES = Set.of("random", "file");

  /// What each package may use besides itself, the leaves and what lies in `dae` itself.
  private static final Map<String, Set<String>> ARROWS = new TreeMap<>();

  static {
    allow("tensor");
    allow("kernel", "tensor");
    for (String machine : new String[] {"kernel.scalar", "kernel.simd", "kernel.opencl"}) {
      allow(machine, "kernel", "tensor");
    }
    allow("backend", "kernel.scalar", "kernel.simd", "kernel.opencl", "kernel", "tensor");
    allow("graph", "kernel", "tensor");
    allow("op", "graph", "kernel", "tensor");
    allow("optim", "graph", "kernel", "tensor");
    allow("model", "op", "graph", "kernel", "tensor");
    allow("image");
    allow("data", "image");
    allow("random");
    allow("file");
    allow("train", "model", "op", "optim", "data", "image", "graph", "kernel", "tensor");
    allow(
        "cli", "train", "model", "op", "optim", "data", "image", "backend", "graph", "kernel",
        "tensor");
    allow("launcher");
  }

  private static final JavaClasses ENGINE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dae");

  private static void allow(String user, String... used) {
    ARROWS.put(user, new TreeSet<>(Arrays.asList(used)));
  }

  /// `kernel.simd` for the package dae.kernel.simd.
  private static String part(JavaClass type) {
    return type.getPackageName().equals("dae") ? "" : type.getPackageName().substring(4);
  }

  private static boolean ours(JavaClass type) {
    return type.getPackageName().equals("dae") || type.getPackageName().startsWith("dae.");
  }

  @Test
  void packagesUseOnlyWhatTheArrowsAllow() {
    ARROWS.forEach((user, used) ->
        classes()
            .that(describe("reside in " + user, type -> part(type).equals(user)))
            .should()
            .onlyDependOnClassesThat(
                describe(
                    "are in " + used + " or open to all",
                    type ->
                        !ours(type)
                            || part(type).equals(user)
                            || used.contains(part(type))
                            || LEAVES.contains(part(type)) && !user.equals("random")
                            || part(type).isEmpty()))
            .allowEmptyShould(true)
            .check(ENGINE));
  }

  @Test
  void everyPackageHasItsPlace() {
    Set<String> strangers = new TreeSet<>();
    for (JavaClass type : ENGINE) {
      if (ours(type) && !part(type).isEmpty() && !ARROWS.containsKey(part(type))) {
        strangers.add(type.getPackageName());
      }
    }
    assertEquals(Set.of(), strangers);
  }

  @Test
  void onlyTheSimdKernelsUseTheVectorApi() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dae.kernel.simd")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator.vector..")
        .check(ENGINE);
  }

  @Test
  void onlyTheOpenClKernelsUseTheBinding() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dae.kernel.opencl")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.jocl..")
        .check(ENGINE);
  }
}
