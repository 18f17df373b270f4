namespace Appliance.Gateway.Forwarding;

/// <summary>
/// Thrown after the last event of a broken stream was written. The web server then sends what is written and closes the connection without the end mark of
/// chunked transfer. Aborting instead could lose that event.
/// </summary>
public sealed class UpstreamCutException() : IOException("The model server broke off in the middle of its answer; the caller was told.");
