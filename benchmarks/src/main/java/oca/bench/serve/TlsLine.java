package oca.bench.serve;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * TLS 1.3 by the system's OpenSSL, called directly: one call into it takes a record off the socket
 * and decrypts it in place, which costs the client's core less than any engine that has to be
 * carried to. Certificates are not checked: the harness made them.
 */
final class TlsLine implements Line {
  private static final int TLS_1_3 = 0x0304;
  private static final int CTRL_SET_READ_AHEAD = 41;
  private static final int CTRL_SET_MIN_PROTO = 123;
  private static final int WANT_READ = 2;
  private static final int ZERO_RETURN = 6;
  private static final int READ_BYTES = 128 << 10;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final ValueLayout POINTER = ValueLayout.ADDRESS;

  @SuppressWarnings("restricted") // jvm.options enables native access
  private static final SymbolLookup LIBRARY =
      SymbolLookup.libraryLookup("libssl.so.3", Arena.global());

  private static final MethodHandle METHOD =
      Calls.function(LIBRARY, "TLS_client_method", FunctionDescriptor.of(POINTER));
  private static final MethodHandle NEW_CONTEXT =
      Calls.function(LIBRARY, "SSL_CTX_new", FunctionDescriptor.of(POINTER, POINTER));
  private static final MethodHandle CONTROL =
      Calls.function(
          LIBRARY, "SSL_CTX_ctrl", FunctionDescriptor.of(LONG, POINTER, INT, LONG, POINTER));
  private static final MethodHandle READ_BUFFER =
      Calls.function(
          LIBRARY, "SSL_CTX_set_default_read_buffer_len", FunctionDescriptor.ofVoid(POINTER, LONG));
  private static final MethodHandle SUITES =
      Calls.function(
          LIBRARY, "SSL_CTX_set_ciphersuites", FunctionDescriptor.of(INT, POINTER, POINTER));
  private static final MethodHandle NEW =
      Calls.function(LIBRARY, "SSL_new", FunctionDescriptor.of(POINTER, POINTER));
  private static final MethodHandle SET_FD =
      Calls.function(LIBRARY, "SSL_set_fd", FunctionDescriptor.of(INT, POINTER, INT));
  private static final MethodHandle HANDSHAKE =
      Calls.function(LIBRARY, "SSL_connect", FunctionDescriptor.of(INT, POINTER));
  private static final MethodHandle READ =
      Calls.function(LIBRARY, "SSL_read", FunctionDescriptor.of(INT, POINTER, POINTER, INT));
  private static final MethodHandle WRITE =
      Calls.function(LIBRARY, "SSL_write", FunctionDescriptor.of(INT, POINTER, POINTER, INT));
  private static final MethodHandle ERROR =
      Calls.function(LIBRARY, "SSL_get_error", FunctionDescriptor.of(INT, POINTER, INT));
  private static final MethodHandle FREE =
      Calls.function(LIBRARY, "SSL_free", FunctionDescriptor.ofVoid(POINTER));

  private final Calls calls;
  private final int socket;
  private final MemorySegment session;
  private final MemorySegment sink;

  private TlsLine(Calls calls, int socket, MemorySegment session, MemorySegment sink) {
    this.calls = calls;
    this.socket = socket;
    this.session = session;
    this.sink = sink;
  }

  /** What the sessions of one client share. */
  static final class Context {
    private final MemorySegment handle;
    private final MemorySegment sink = Arena.ofAuto().allocate(READ_BYTES);

    /**
     * @param suite the only cipher suite that is offered, such as {@code TLS_AES_128_GCM_SHA256}
     */
    Context(String suite) throws IOException {
      try (Arena arena = Arena.ofConfined()) {
        handle = (MemorySegment) NEW_CONTEXT.invokeExact((MemorySegment) METHOD.invokeExact());
        control(CTRL_SET_MIN_PROTO, TLS_1_3);
        control(CTRL_SET_READ_AHEAD, 1);
        READ_BUFFER.invokeExact(handle, (long) READ_BYTES);
        if ((int) SUITES.invokeExact(handle, arena.allocateFrom(suite)) != 1) {
          throw new IOException("OpenSSL does not know the cipher suite " + suite);
        }
      } catch (Throwable e) {
        throw Calls.passOn(e);
      }
    }

    private void control(int command, long value) throws Throwable {
      if ((long) CONTROL.invokeExact(handle, command, value, MemorySegment.NULL) < 0) {
        throw new IOException("OpenSSL refuses control " + command);
      }
    }

    /** A session over a connected socket that still blocks; it does not afterwards. */
    TlsLine shakeHands(Calls calls, int socket) throws IOException {
      try {
        MemorySegment session = (MemorySegment) NEW.invokeExact(handle);
        int set = (int) SET_FD.invokeExact(session, socket);
        int done = (int) HANDSHAKE.invokeExact(session);
        if (set != 1 || done != 1) {
          throw new IOException(
              "the TLS handshake failed with OpenSSL's error "
                  + (int) ERROR.invokeExact(session, done));
        }
        calls.unblock(socket);
        return new TlsLine(calls, socket, session, sink);
      } catch (Throwable e) {
        throw Calls.passOn(e);
      }
    }
  }

  @Override
  public int socket() {
    return socket;
  }

  @Override
  public void send(MemorySegment bytes, long length) throws IOException {
    int sent;
    try {
      sent = (int) WRITE.invokeExact(session, bytes, (int) length);
    } catch (Throwable e) {
      throw Calls.impossible(e);
    }
    if (sent != length) {
      throw new IOException("sending a request of " + length + " bytes answered " + sent);
    }
  }

  @Override
  public long receive(MemorySegment into, long length) throws IOException {
    try {
      int read = (int) READ.invokeExact(session, into, (int) length);
      return read > 0 ? read : ended(read);
    } catch (Throwable e) {
      throw Calls.passOn(e);
    }
  }

  private long ended(int read) throws Throwable {
    int error = (int) ERROR.invokeExact(session, read);
    if (error != WANT_READ && error != ZERO_RETURN) {
      throw new IOException("SSL_read failed with OpenSSL's error " + error);
    }
    return error == WANT_READ ? AGAIN : 0;
  }

  @Override
  public long discard(long length) throws IOException {
    return receive(sink, Math.min(length, READ_BYTES));
  }

  /** OpenSSL reads ahead, and gives one record at a time. */
  @Override
  public boolean keepsBack() {
    return true;
  }

  @Override
  public void close() {
    try {
      FREE.invokeExact(session);
    } catch (Throwable e) {
      throw Calls.impossible(e);
    }
    calls.close(socket);
  }
}
