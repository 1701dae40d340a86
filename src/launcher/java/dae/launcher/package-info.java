/// What `java -jar dae-engine.jar` starts. It exists because a jar cannot ask for a module: the
/// engine needs `jdk.incubator.vector`, no manifest entry adds it, so something has to start a
/// second JVM with the flag. Java 8 bytecode from a source root of its own, so that whatever `java`
/// comes first on a machine can start it and find a better one; no other class may mention these,
/// or an incremental build would compile them for Java 25 along with it.
///
/// The program must feel like one process although it is two, so:
///
/// - *stdin, stdout and stderr* are inherited, the terminal stays a terminal, and the exit code is
///   passed on.
/// - *Ctrl-C* reaches both processes from the terminal; `kill -INT` reaches only the launcher, and
///   nothing tells it which of the two happened. So the launcher passes every signal on as SIGTERM,
///   which asks the engine to stop however often it comes, while only a second SIGINT, which a
///   launcher never sends, stops it at once (`dae.cli.Interrupt`). One Ctrl-C is thus one request,
///   in whatever order the two signals arrive. After a second SIGINT of its own the launcher kills
///   the engine.
/// - *kill -9* cannot be passed on: the engine watches the launcher by the process id it was given
///   (`dae.cli.ParentWatch`).
/// - *A crash stays a crash*: the engine's exit code is its own, unless it died of the signal that
///   the launcher passed on.
/// - *Signals inside*: on Linux the engine's process gets the JDK's `libjsig.so` preloaded, because
///   an OpenCL driver may replace the JVM's handler of SIGSEGV.
/// - *The environment wins*: what `JAVA_TOOL_OPTIONS` and the like set is left out of the
///   launcher's own options.
/// - *Any file name*: where the locale has ASCII's letters alone, the engine's process gets one
///   that has all (`Letters`).
/// - *No loop*: the engine's JVM starts `dae.cli.Main`, never the launcher again.
///
/// The JVM's line "Using incubator modules" stays: it can only be hidden by reading the engine's
/// stderr here, and then the engine would no longer know whether it writes to a terminal.
package dae.launcher;
