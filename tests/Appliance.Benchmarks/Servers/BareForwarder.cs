using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Forwarder;

namespace Appliance.Benchmarks.Servers;

/// <summary>The least that a reverse proxy in .NET can do: YARP's forwarder and nothing else. The gateway is compared with it.</summary>
internal static class BareForwarder
{
    public static Task<LoopbackServer> StartAsync(Uri upstream)
    {
        var client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
        });
        return LoopbackServer.StartAsync(services => services.AddHttpForwarder(), app =>
        {
            var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
            app.Map("/{**path}", async (HttpContext context) => await forwarder.SendAsync(context, upstream.AbsoluteUri, client));
        });
    }
}
