using Microsoft.AspNetCore.Http;

namespace Appliance.Gateway.Forms;

/// <summary>A multipart form that two readers could understand differently, or that is larger than any real one. The message is for the caller.</summary>
internal sealed class BadFormException(string message) : BadHttpRequestException(message);
