package oca.server.http;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** What calls into the C library have in common. */
final class NativeCall {
  /** Leaves errno in the segment that is the call's first argument. */
  static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");

  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO_OF =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private NativeCall() {}

  @SuppressWarnings("restricted") // jvm.options enables native access
  static MethodHandle of(String name, FunctionDescriptor type, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker
            .defaultLookup()
            .find(name)
            .orElseThrow(() -> new UnsatisfiedLinkError("no " + name + " in the C library")),
        type,
        options);
  }

  /** Memory for one thread's errno. */
  static MemorySegment newState() {
    return Arena.ofAuto().allocate(STATE);
  }

  /** What a call returned, or its errno below zero. */
  static long result(long returned, MemorySegment state) {
    return returned < 0 ? -(int) ERRNO_OF.get(state, 0L) : returned;
  }

  /** The calls are native and throw nothing but what the virtual machine itself may. */
  static RuntimeException impossible(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("a native call threw", e);
  }
}
