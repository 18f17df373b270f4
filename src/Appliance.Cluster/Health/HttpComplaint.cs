using System.Net.Sockets;

namespace Appliance.Cluster.Health;

/// <summary>Why a request had no answer, in words that end a sentence. Pure.</summary>
internal static class HttpComplaint
{
    public static string Of(HttpRequestException failed) => failed switch
    {
        { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => "nothing listens there",
        { InnerException: SocketException { SocketErrorCode: SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown } } =>
            "its machine cannot be reached",
        { HttpRequestError: HttpRequestError.NameResolutionError } or { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain } } =>
            "its name is not known",
        { HttpRequestError: HttpRequestError.SecureConnectionError } => "its certificate is not good",
        { HttpRequestError: HttpRequestError.ConnectionError } => "no connection",
        { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => "it answered far too much",
        { HttpRequestError: HttpRequestError.InvalidResponse } => "it does not speak HTTP",
        _ => "the connection broke",
    };
}
