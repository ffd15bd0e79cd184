package oca.server.http;

/** By what requests come in. */
public enum Protocol {
  HTTP_1("http/1.1"),
  HTTP_1_TLS("http/1.1+tls"),
  HTTP_2("h2c"),
  HTTP_2_TLS("h2");

  private final String label;

  Protocol(String label) {
    this.label = label;
  }

  /** The name in metrics, never changed once shipped. */
  public String label() {
    return label;
  }
}
