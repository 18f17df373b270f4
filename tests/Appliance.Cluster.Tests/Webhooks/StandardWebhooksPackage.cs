using System.Text.Json;
using Appliance.TestKit.Files;
using Appliance.TestKit.Webhooks;
using Xunit;

namespace Appliance.Cluster.Tests.Webhooks;

/// <summary>The reference library of Standard Webhooks for Node, as npm installs it: somebody else's idea of a receiver.</summary>
public sealed class StandardWebhooksPackage : IAsyncLifetime, IDisposable
{
    private const string Version = "1.1.1";

    // Reads one message as JSON from its input, and says "good" or why it is not.
    private const string Verifier =
        """
        const { Webhook } = require("standardwebhooks");
        const asked = JSON.parse(require("fs").readFileSync(0, "utf8"));
        if (asked.now) Date.now = () => asked.now * 1000;
        try {
          const message = new Webhook(asked.secret, asked.raw ? { format: "raw" } : undefined).verify(Buffer.from(asked.body, "base64"), asked.headers);
          console.log("good " + message.event);
        } catch (problem) {
          console.log(problem.message);
        }
        """;

    private readonly TemporaryFolder _folder = new();

    public string Folder => _folder.Path;

    public async Task InitializeAsync()
    {
        await Tool.RunAsync(Folder, "npm", default, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", Folder, $"standardwebhooks@{Version}");
        await File.WriteAllTextAsync(_folder.File("verify.js"), Verifier);
    }

    /// <summary>"good" and the event, or the library's complaint. <paramref name="now"/> is its clock in Unix seconds.</summary>
    public async Task<string> VerifyAsync(ReceivedHook hook, string secret, long now, bool isRaw = false)
    {
        var asked = JsonSerializer.SerializeToUtf8Bytes(new { secret, raw = isRaw, now, body = Convert.ToBase64String(hook.Body), headers = hook.Headers });
        return (await Tool.RunAsync(Folder, "node", asked, "verify.js")).Trim();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();
}
