package dae.kernel.opencl;

import dae.UserError;
import dae.kernel.opencl.Probe.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The OpenCL devices of this machine, listed by a process of its own ([Listing]); no driver is
/// loaded here.
public final class Devices {
  /// A driver from a cold disk takes seconds.
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static final String OFF = "off: this Java can corrupt memory under native code";

  /// It lives for a moment.
  private static final List<String> SMALL =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m");

  private Devices() {}

  /// What was found, or why nothing was.
  ///
  /// @param obstacle null where there is a device
  record Found(List<Device> devices, String obstacle) {}

  /// One line for each device, or one that says why there is none. The drivers are asked again.
  public static List<String> describe() {
    Found found = off() ? none(OFF) : found(probe().fresh());
    return found.obstacle != null
        ? List.of(found.obstacle)
        : found.devices.stream().map(Device::describe).toList();
  }

  /// The selector of the device that `auto` tries: the first GPU, or with the system property
  /// `dae.opencl=any` the first of all. Where no driver is installed, none is asked.
  public static Optional<String> promising() {
    boolean any = "any".equals(System.getProperty("dae.opencl"));
    return !Drivers.installed()
        ? Optional.empty()
        : find().devices.stream()
            .filter(device -> any || device.gpu())
            .map(Device::selector)
            .findFirst();
  }

  /// The device of a selector: empty for the first GPU, or the first of all if there is none, `p`
  /// for the first of platform p, `p.d` for one.
  ///
  /// @throws UserError if there is no such device, or it cannot run a plan
  static Device select(String selector) {
    Found found = find();
    if (found.obstacle != null) {
      throw new UserError(
          "opencl: expected a device, got none: " + found.obstacle + " — use --backend simd");
    }
    Device device =
        found.devices.stream()
            .filter(
                d -> selector.isEmpty() ? d.gpu() : (d.selector() + ".").startsWith(selector + "."))
            .findFirst()
            .orElse(selector.isEmpty() ? found.devices.getFirst() : null);
    if (device == null) {
      throw new UserError(
          "opencl: expected one of %s, got '%s' — doctor lists the devices"
              .formatted(found.devices.stream().map(Device::selector).toList(), selector));
    }
    if (device.obstacle() != null) {
      throw new UserError(
          "opencl: " + device.name() + ": " + device.obstacle() + " — use --backend simd");
    }
    return device;
  }

  private static boolean off() {
    return "off".equals(System.getProperty("dae.opencl"));
  }

  private static Found find() {
    return off() ? none(OFF) : found(probe().answer());
  }

  private static Probe probe() {
    return new Probe(Listing.class, SMALL, List.of(), LIMIT);
  }

  private static Found found(Answer answer) {
    return answer.failed()
        ? none(answer.failure())
        : new Found(answer.lines().stream().map(Device::parse).toList(), null);
  }

  private static Found none(String why) {
    return new Found(List.of(), why);
  }
}
