package dae.spark;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// How a rank meets its two neighbours: it waits for the left one and calls the right one, and both
/// prove that they know the run's secret, by a code (HMAC-SHA-256) of both sides' random numbers,
/// the attempt and who calls whom. Anybody else is turned away, and waited past.
///
/// All of it has a fixed size, so nobody makes this rank take memory. What is sent afterwards is
/// neither secret nor signed: a network on which others can change packets is none to train on.
final class Neighbours implements Closeable {
  private static final int NONCE = 16;
  private static final int CODE = 32;
  private static final int MAGIC = 0x44414531;

  /// Time for a stranger to show that it is one.
  private static final int PATIENCE_MILLIS = 5_000;

  private final byte[] secret;
  private final int attempt;
  private final int rank;
  private final int ranks;
  private final Duration timeout;
  private final ServerSocketChannel server;

  /// Starts to listen.
  ///
  /// @param secret of the run, which all ranks have from the driver
  /// @param attempt of the stage, so that nobody of an earlier one is let in
  /// @param host the address by which the others know this machine, and no other, is listened at
  Neighbours(byte[] secret, int attempt, int rank, int ranks, String host, Duration timeout)
      throws IOException {
    this.secret = secret.clone();
    this.attempt = attempt;
    this.rank = rank;
    this.ranks = ranks;
    this.timeout = timeout;
    server = ServerSocketChannel.open();
    try {
      server.bind(new InetSocketAddress(host, 0));
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /// `host:port`, for the left neighbour.
  String address() throws IOException {
    InetSocketAddress address = (InetSocketAddress) server.getLocalAddress();
    return address.getHostString() + ":" + address.getPort();
  }

  /// Meets both.
  ///
  /// @param rightAddress that of rank + 1
  /// @param most floats of a vector
  Ring ring(String rightAddress, int most) throws IOException {
    return ring(rightAddress, most, timeout);
  }

  /// @param silence of a neighbour that the ring bears
  Ring ring(String rightAddress, int most, Duration silence) throws IOException {
    FutureTask<SocketChannel> call = new FutureTask<>(() -> call(rightAddress));
    Thread.ofPlatform().daemon().name("ring-caller").start(call);
    SocketChannel left = null;
    SocketChannel right = null;
    try {
      left = accept();
      right = call.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return new Ring(rank, ranks, left, right, most, silence);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      close(left, right);
      throw new IOException(
          "rank " + rank + ": expected its right neighbour at " + rightAddress + ", got " + e, e);
    } catch (IOException e) {
      close(left, right);
      throw e;
    }
  }

  private static void close(SocketChannel... channels) throws IOException {
    for (SocketChannel each : channels) {
      if (each != null) {
        each.close();
      }
    }
  }

  private SocketChannel accept() throws IOException {
    long end = System.nanoTime() + timeout.toNanos();
    while (true) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new SocketTimeoutException("rank " + rank + ": its left neighbour did not call");
      }
      server.socket().setSoTimeout((int) Math.min(Integer.MAX_VALUE, left));
      Socket caller = server.socket().accept();
      try {
        caller.setSoTimeout(PATIENCE_MILLIS);
        if (isLeft(caller)) {
          caller.setSoTimeout(0);
          return caller.getChannel();
        }
      } catch (IOException stranger) {
        // Gone, silent or not one of us.
        caller.close();
        continue;
      }
      caller.close();
    }
  }

  private boolean isLeft(Socket caller) throws IOException {
    DataInputStream in = new DataInputStream(caller.getInputStream());
    int from = Math.floorMod(rank - 1, ranks);
    if (in.readInt() != MAGIC || in.readInt() != attempt || in.readInt() != from) {
      return false;
    }
    byte[] theirs = new byte[NONCE];
    in.readFully(theirs);
    byte[] mine = nonce();
    caller.getOutputStream().write(mine);
    caller.getOutputStream().write(code("listener", from, rank, theirs, mine));
    byte[] code = new byte[CODE];
    in.readFully(code);
    return MessageDigest.isEqual(code, code("caller", from, rank, theirs, mine));
  }

  private SocketChannel call(String address) throws IOException {
    int colon = address.lastIndexOf(':');
    InetSocketAddress to =
        new InetSocketAddress(
            address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    SocketChannel channel = SocketChannel.open();
    try {
      Socket socket = channel.socket();
      socket.connect(to, (int) timeout.toMillis());
      socket.setSoTimeout((int) timeout.toMillis());
      int other = (rank + 1) % ranks;
      byte[] mine = nonce();
      ByteBuffer hello = ByteBuffer.allocate(3 * Integer.BYTES + NONCE);
      hello.putInt(MAGIC).putInt(attempt).putInt(rank).put(mine);
      socket.getOutputStream().write(hello.array());
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] theirs = new byte[NONCE];
      in.readFully(theirs);
      byte[] code = new byte[CODE];
      in.readFully(code);
      if (!MessageDigest.isEqual(code, code("listener", rank, other, mine, theirs))) {
        throw new IOException(address + " does not know the secret of this run");
      }
      socket.getOutputStream().write(code("caller", rank, other, mine, theirs));
      socket.setSoTimeout(0);
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static byte[] nonce() {
    byte[] nonce = new byte[NONCE];
    new SecureRandom().nextBytes(nonce);
    return nonce;
  }

  private byte[] code(String who, int from, int to, byte[] callers, byte[] listeners) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      mac.update(who.getBytes(US_ASCII));
      mac.update(ByteBuffer.allocate(12).putInt(attempt).putInt(from).putInt(to).flip());
      mac.update(callers);
      return mac.doFinal(listeners);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Stops listening; a ring that was made stays open.
  @Override
  public void close() throws IOException {
    server.close();
  }
}
