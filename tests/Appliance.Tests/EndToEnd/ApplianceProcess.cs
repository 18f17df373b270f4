using System.Diagnostics;
using Appliance.Cluster.Storage;
using Appliance.TestKit.Sshd;

namespace Appliance.Tests.EndToEnd;

/// <summary>The built appliance as a process of its own, which can be killed as a power cut would.</summary>
internal sealed class ApplianceProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly FakeSpark _spark;
    private readonly DataDirectory _data;
    private readonly int _port = FakeSpark.FreePort();
    private readonly int _modelPort;
    private Process? _process;
    private Task _output = Task.CompletedTask;

    public ApplianceProcess(FakeSpark spark, DataDirectory data, int modelPort)
    {
        (_spark, _data, _modelPort) = (spark, data, modelPort);
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{_port}"),
            Timeout = TimeSpan.FromSeconds(60),
        };
    }

    public HttpClient Client { get; }

    /// <summary>Who is told of ended changes; nobody unless set.</summary>
    public Uri? Webhook { get; init; }

    /// <summary>Starts it, and returns when it answers.</summary>
    public async Task StartAsync()
    {
        Start();
        using var limit = new CancellationTokenSource(StartLimit, TimeProvider.System);
        while (!await AnswersAsync(limit.Token))
        {
            if (_process!.HasExited)
            {
                throw new InvalidOperationException($"The appliance ended with {_process.ExitCode}.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }
    }

    /// <summary>Starts it without waiting for anything.</summary>
    public void Start()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = Client.BaseAddress!.ToString(),
            ["DATA_DIR"] = _data.Path,
            ["SPARK1_HOST"] = "127.0.0.1",
            ["SSH_USER"] = _spark.Sshd.User,
            ["SSH_PORT"] = $"{_spark.Sshd.Port}",
            ["SSH_TRUST"] = "first",
            ["VLLM_PORT"] = $"{_modelPort}",
            ["SWAP_WEBHOOK_URL"] = Webhook?.ToString() ?? "",
            ["DISABLED_SERVICES"] = "asr,tts,embeddings,qdrant,matrix-bridge",
        })
        {
            start.Environment[key] = value;
        }

        _process = Process.Start(start)!;
        // Its log is not of interest, but a full pipe would stop it.
        _output = Task.WhenAll(_process.StandardOutput.BaseStream.CopyToAsync(Stream.Null), _process.StandardError.BaseStream.CopyToAsync(Stream.Null));
    }

    /// <summary>Ends it at once, without a chance to put anything in order. Its ssh processes are left behind.</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process)
        {
            return;
        }

        _process = null;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Client.Dispose();
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await Client.GetAsync("/healthz", cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
