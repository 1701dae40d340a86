package dae.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/// What lies in the jar.
class PackagedJarIT {
  @Test
  void launcherIsJava8Bytecode() throws Exception {
    try (JarFile jar = new JarFile(Jar.PATH.toFile())) {
      List<JarEntry> launcher =
          jar.stream()
              .filter(e -> e.getName().startsWith("dae/launcher/") && !e.isDirectory())
              .toList();
      assertTrue(launcher.size() >= 3, "classes of dae.launcher: " + launcher);
      for (JarEntry entry : launcher) {
        try (var in = new DataInputStream(jar.getInputStream(entry))) {
          in.readInt();
          in.readUnsignedShort();
          assertEquals(52, in.readUnsignedShort(), entry.getName());
        }
      }
    }
  }

  @Test
  void manifestStartsTheLauncherWithNativeAccess() throws Exception {
    try (JarFile jar = new JarFile(Jar.PATH.toFile())) {
      var manifest = jar.getManifest().getMainAttributes();
      assertEquals("dae.launcher.Launcher", manifest.getValue("Main-Class"));
      assertEquals("ALL-UNNAMED", manifest.getValue("Enable-Native-Access"));
    }
  }

  @Test
  void licensesAreKeptAndEveryLibraryIsNamed() throws Exception {
    try (JarFile jar = new JarFile(Jar.PATH.toFile())) {
      assertTrue(text(jar, "META-INF/LICENSE").contains("Apache License"));
      assertTrue(text(jar, "META-INF/NOTICE").contains("Apache Commons Compress"));
      String thirdParty = text(jar, "META-INF/THIRD-PARTY.md");
      List<String> libraries =
          jar.stream()
              .map(JarEntry::getName)
              .filter(name -> name.matches("META-INF/maven/.*/pom.xml"))
              .map(name -> name.replaceAll("META-INF/maven/(.*)/(.*)/pom.xml", "$1:$2"))
              .filter(name -> !name.equals("dae:dae-engine"))
              .toList();
      assertTrue(libraries.contains("org.apache.commons:commons-compress"), "" + libraries);
      for (String library : libraries) {
        assertTrue(thirdParty.contains("| " + library + " |"), library);
      }
    }
  }

  @Test
  void noSignatureAndNoModuleDescriptorIsLeft() throws Exception {
    try (JarFile jar = new JarFile(Jar.PATH.toFile())) {
      List<String> left =
          jar.stream()
              .map(JarEntry::getName)
              .filter(n -> n.matches("META-INF/[^/]*\\.(SF|RSA|DSA)|(.*/)?module-info\\.class"))
              .toList();
      assertEquals(List.of(), left);
    }
  }

  private static String text(JarFile jar, String name) throws Exception {
    try (var in = jar.getInputStream(jar.getEntry(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
