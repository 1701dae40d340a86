package dae;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Who may use whom, checked on the bytecode against a drawing.
class ArchitectureTest {
  /// Packages under `dae`. An arrow means "may use", and so does a path of arrows.
  private static final String DRAWING =
      """
      cli ──► report ──► train ──► denoise ──► model ──► op ──► graph ──► kernel ──► tensor
                         train ──► optim ──► graph       model ──► noise ──► op
                         noise ──► image
                         train ──► data ──► image        denoise ──► image
                         train ──► baseline              model ──► keras ──► file
      cli ──► onnx ──► model
      cli ──► backend                               denoise ──► backend
      cli ──► lesson ──► op                         lesson ──► backend
      cli ──► inspect ──► model                     inspect · report ──► html
      backend ──► kernel.scalar · kernel.simd · kernel.opencl ──► kernel
      launcher
      """;

  /// Open to all and using nothing of ours but each other.
  private static final Set<String> LEAVES = Set.of("random", "file");

  /// What each package may use besides itself, the leaves and what lies in `dae` itself.
  private static final Map<String, Set<String>> ARROWS = arrows();

  private static Map<String, Set<String>> arrows() {
    Map<String, Set<String>> arrows = new TreeMap<>();
    LEAVES.forEach(leaf -> arrows.put(leaf, new TreeSet<>()));
    for (String chain : DRAWING.split("\n|   +")) {
      List<String> before = List.of();
      for (String stop : chain.isBlank() ? new String[0] : chain.strip().split(" ──► ")) {
        List<String> now = List.of(stop.split(" · "));
        now.forEach(part -> arrows.computeIfAbsent(part, p -> new TreeSet<>()));
        before.forEach(user -> arrows.get(user).addAll(now));
        before = now;
      }
    }
    for (Set<String> used : arrows.values()) {
      List<String> open = new ArrayList<>(used);
      while (!open.isEmpty()) {
        arrows.get(open.removeLast()).stream().filter(used::add).forEach(open::add);
      }
    }
    arrows.forEach((user, used) -> {
      if (used.contains(user)) {
        throw new IllegalStateException("a circle through " + user);
      }
    });
    return arrows;
  }

  private static final JavaClasses ENGINE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dae");

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

  /// A pipe or a device is told there, before somebody waits for its end.
  @Test
  void onlyOnePlaceOpensFilesToReadThem() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dae.file", "dae.kernel.opencl", "dae.launcher")
        .should()
        .callMethodWhere(
            describe(
                "reads a file",
                call ->
                    call.getTargetOwner().isEquivalentTo(Files.class)
                        && Set.of(
                                "newInputStream",
                                "newBufferedReader",
                                "lines",
                                "readAllBytes",
                                "readAllLines",
                                "readString")
                            .contains(call.getName())))
        .check(ENGINE);
  }

  @Test
  void nothingOfAFileIsExecuted() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dae.launcher")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.ObjectInputStream")
        .orShould()
        .callMethod(ClassLoader.class, "loadClass", String.class)
        .check(ENGINE);
  }
}
