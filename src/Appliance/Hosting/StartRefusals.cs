using System.Net.Sockets;
using Appliance.Cluster.Storage;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Appliance.Hosting;

/// <summary>The ways in which a start fails for a reason outside of us, in words.</summary>
internal static class StartRefusals
{
    /// <summary>Null for a mistake of ours: that one keeps its stack trace.</summary>
    public static IReadOnlyList<string>? Find(Exception exception, ApplianceOptions options) => exception switch
    {
        StoreException store => [store.Message],
        OptionsValidationException invalid => [.. invalid.Failures],
        IOException { InnerException: AddressInUseException } =>
            [$"The address {string.Join(" ", options.Urls)} is already in use: another program listens there, or the appliance already runs. Stop it, or set PORT to a free port."],
        SocketException { SocketErrorCode: SocketError.AccessDenied } or IOException { InnerException: SocketException { SocketErrorCode: SocketError.AccessDenied } } =>
            ["This user may not listen on that port. Set PORT to a number above 1023, for example PORT=9999."],
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } or IOException { InnerException: SocketException { SocketErrorCode: SocketError.AddressNotAvailable } } =>
            ["ASPNETCORE_URLS names an address that this machine does not have."],
        AggregateException { InnerExceptions.Count: 1 } one => Find(one.InnerException!, options),
        _ => null,
    };
}
