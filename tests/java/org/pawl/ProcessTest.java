package org.pawl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** JVMs of their own: how the library is found, and how a process ends. */
class ProcessTest {
  private static final String LIBRARY = System.getProperty(LibraryLoader.PROPERTY);
  private static final String CLASSES = System.getProperty("org.pawl.test.classes");

  private Path folder;

  @BeforeEach
  void begin() throws Exception {
    folder = Files.createTempDirectory("pawl-java-");
  }

  @AfterEach
  void end() throws Exception {
    World.delete(folder);
  }

  private static final class Ended {
    int status;
    String said;
  }

  private Ended run(String classPath, List<String> options, String... words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Arrays.asList("-Xcheck:jni", "-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=" + folder.resolve("crash"), "-cp", classPath));
    command.addAll(options);
    command.add("org.pawl.Guest");
    command.addAll(Arrays.asList(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    Ended ended = new Ended();
    try (InputStream out = process.getInputStream()) {
      ended.said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
    }
    ended.status = process.waitFor();
    assertTrue(!ended.said.contains("WARNING in native method") && !ended.said.contains("FATAL ERROR"), ended.said);
    return ended;
  }

  /** A natives jar that has this file of ours. */
  private Path nativesJar() throws Exception {
    Path jar = folder.resolve("natives.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("META-INF/natives/" + Platform.name() + "/" + System.mapLibraryName(LibraryLoader.NAME)));
      Files.copy(Path.of(LIBRARY), out);
      out.closeEntry();
    }
    return jar;
  }

  private static List<String> library(String path) {
    return List.of("-D" + LibraryLoader.PROPERTY + "=" + path);
  }

  private void assertSays(Ended ended, String... parts) {
    for (String part : parts) {
      assertTrue(ended.said.contains(part), part + " is missing in:\n" + ended.said);
    }
  }

  @Test
  void theProcessEndsWithAnOpenClient() throws Exception {
    for (String how : new String[] {"return", "exit", "throw"}) {
      Ended ended = run(CLASSES, library(LIBRARY), "leave", how, folder.resolve(how).toString());
      assertEquals(how.equals("throw") ? 1 : how.equals("exit") ? 3 : 0, ended.status, ended.said);
      assertSays(ended, "open");
    }
  }

  @Test
  void theLibraryIsFoundByFileByFolderAndByTheLibraryPath() throws Exception {
    String parent = new File(LIBRARY).getParent();
    for (List<String> options : List.of(library(LIBRARY), library(parent), List.of("-Djava.library.path=" + parent))) {
      Ended ended = run(CLASSES, options, "version");
      assertEquals(0, ended.status, ended.said);
      assertSays(ended, "Pawl " + Pawl.versionString());
    }
  }

  @Test
  void theLibraryIsExtractedFromANativesJarAndLeavesNothing() throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Ended ended = run(CLASSES + File.pathSeparator + nativesJar(), List.of("-Djava.io.tmpdir=" + temporary), "version");
    assertEquals(0, ended.status, ended.said);
    assertSays(ended, "Pawl " + Pawl.versionString());
    assertEquals(0, temporary.toFile().list().length);
  }

  @Test
  void aNativesJarThatIsDamagedIsSaidAndLeavesNothing() throws Exception {
    Path jar = nativesJar();
    byte[] bytes = Files.readAllBytes(jar);
    int compressed = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(".so") + 10; // behind the entry's name and mark
    Arrays.fill(bytes, compressed, compressed + 1_000, (byte) 0xFF);
    Files.write(jar, bytes);
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Ended ended = run(CLASSES + File.pathSeparator + jar, List.of("-Djava.io.tmpdir=" + temporary), "version");
    assertEquals(1, ended.status);
    assertSays(ended, "UnsatisfiedLinkError", "ZipException");
    assertEquals(List.of(), Arrays.asList(temporary.toFile().list()));
  }

  @Test
  void aProcessOfMuslIsOneThatItsLoaderLoaded() {
    String glibc = "7f0000000000-7f0000001000 r--p 00000000 08:01 1 /lib64/ld-linux-x86-64.so.2";
    String musl = "7f0000000000-7f0000001000 r--p 00000000 08:01 1 /lib/ld-musl-x86_64.so.1";
    assertTrue(Platform.isMusl(Stream.of("other", musl)));
    assertTrue(!Platform.isMusl(Stream.of("other", glibc)));
  }

  @Test
  void whatIsNotFoundIsSaidWithAllThatWasTried() throws Exception {
    Ended ended = run(CLASSES, List.of("-Djava.library.path=" + folder), "version");
    assertEquals(1, ended.status);
    assertSays(ended, "UnsatisfiedLinkError", "was not found for " + Platform.name(), "java.library.path=" + folder,
        "META-INF/natives/" + Platform.name() + "/libpawl_jni.so", "there is none", "-Dorg.pawl.library.path=FILE");
    Ended named = run(CLASSES, library(folder.resolve("nothing.so").toString()), "version");
    assertEquals(1, named.status);
    assertSays(named, "nothing.so");
  }

  @Test
  void aFileThatIsNoLibraryIsSaid() throws Exception {
    Path text = folder.resolve("libpawl_jni.so");
    Files.write(text, "no library".getBytes(StandardCharsets.UTF_8));
    Ended ended = run(CLASSES, library(text.toString()), "version");
    assertEquals(1, ended.status);
    assertSays(ended, "UnsatisfiedLinkError", text.toString());
  }

  @Test
  void aLibraryOfAnotherReleaseIsSaidWithBothVersions() throws Exception {
    byte[] library = Files.readAllBytes(Path.of(LIBRARY));
    byte[] ours = Agreement.API.getBytes(StandardCharsets.US_ASCII);
    byte[] theirs = Agreement.API.replaceFirst("^\\S+", "0.9.9").getBytes(StandardCharsets.US_ASCII);
    assertEquals(ours.length, theirs.length);
    int changed = 0;
    for (int i = 0; i + ours.length <= library.length; ++i) {
      if (Arrays.equals(ours, Arrays.copyOfRange(library, i, i + ours.length))) {
        System.arraycopy(theirs, 0, library, i, theirs.length);
        ++changed;
      }
    }
    assertTrue(changed > 0, "the library does not say what it is");
    Path other = folder.resolve("libpawl_jni.so");
    Files.write(other, library);
    Ended ended = run(CLASSES, library(other.toString()), "version");
    assertEquals(1, ended.status);
    assertSays(ended, "UnsatisfiedLinkError", "do not belong together", Agreement.API, "0.9.9", "one release", "from -D", other.toString());
    assertTrue(!ended.said.contains("java.library.path="), ended.said);
  }

  @Test
  void aLibraryThatIsNotOursIsSaid() throws Exception {
    Path other = Files.copy(Path.of(System.getProperty("java.home"), "lib", "libverify.so"), folder.resolve("other.so"));
    Ended ended = run(CLASSES, library(other.toString()), "version");
    assertEquals(1, ended.status);
    assertSays(ended, "UnsatisfiedLinkError", "do not belong together", "an unknown one");
  }
}
