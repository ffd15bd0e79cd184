package oca.operate;

/** Something that is still said or put right when the command is broken off by Ctrl-C. */
public final class OnBreak implements AutoCloseable {
  private final Thread hook;

  /** From now on until it is closed. */
  public OnBreak(Runnable last) {
    hook = Thread.ofPlatform().name("on-break").unstarted(last);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // It is being broken off already, and the hook runs: nothing is left to take back.
      return;
    }
  }
}
