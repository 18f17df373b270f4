using System.Text;
using Appliance.Cluster.Swaps;
using Appliance.TestKit.Files;
using Appliance.TestKit.Webhooks;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Webhooks;

/// <summary>T-28: what we send is good in the eyes of programs that we did not write, and what somebody changed is not.</summary>
[Trait("Needs", "node")]
public sealed class WebhookInteropTests(StandardWebhooksPackage package) : IClassFixture<StandardWebhooksPackage>
{
    private const string Plain = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Words = "correct-horse-battery-staple";

    [Theory]
    [InlineData($"whsec_{Plain}", $"whsec_{Plain}", false)]
    [InlineData($"whsec_{Plain}", Plain, false)]
    [InlineData(Plain, Plain, false)]
    [InlineData(Plain, $"whsec_{Plain}", false)]
    [InlineData(Plain, Plain, true)]
    [InlineData(Words, Words, true)]
    public async Task Reference_library_takes_our_message(string ours, string theirs, bool isRaw)
    {
        var hook = await ReceiveAsync(ours);

        (await package.VerifyAsync(hook, theirs, hook.Timestamp + 299, isRaw)).ShouldBe("good swap_failed");
    }

    [Fact]
    public async Task Reference_library_refuses_what_was_changed_or_replayed()
    {
        var hook = await ReceiveAsync(OutboxRig.Secret);
        var otherBody = hook with { Body = Encoding.UTF8.GetBytes(hook.Text.Replace("swap_failed", "swap_complete", StringComparison.Ordinal)) };
        var otherId = hook with { Headers = new Dictionary<string, string>(hook.Headers) { ["webhook-id"] = "msg-swap-9" } };
        var otherTime = hook with { Headers = new Dictionary<string, string>(hook.Headers) { ["webhook-timestamp"] = $"{hook.Timestamp + 1}" } };

        (await package.VerifyAsync(hook, OutboxRig.Secret, hook.Timestamp)).ShouldBe("good swap_failed");
        (await package.VerifyAsync(otherBody, OutboxRig.Secret, hook.Timestamp)).ShouldBe("No matching signature found");
        (await package.VerifyAsync(otherId, OutboxRig.Secret, hook.Timestamp)).ShouldBe("No matching signature found");
        (await package.VerifyAsync(otherTime, OutboxRig.Secret, hook.Timestamp)).ShouldBe("No matching signature found");
        (await package.VerifyAsync(hook, "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", hook.Timestamp)).ShouldBe("No matching signature found");
        (await package.VerifyAsync(hook, OutboxRig.Secret, hook.Timestamp + 301)).ShouldBe("Message timestamp too old");
    }

    [Fact]
    public async Task Openssl_computes_the_same_signatures()
    {
        var hook = await ReceiveAsync(OutboxRig.Secret);
        using var folder = new TemporaryFolder();
        var key = Convert.ToHexStringLower(Convert.FromBase64String(Plain));
        byte[] signed = [.. Encoding.ASCII.GetBytes($"{hook.Id}.{hook.Timestamp}."), .. hook.Body];

        var spark = await Tool.RunAsync(folder.Path, "openssl", hook.Body, "dgst", "-sha256", "-hmac", OutboxRig.Secret);
        var standard = await Tool.RunAsync(folder.Path, "openssl", signed, "dgst", "-sha256", "-mac", "HMAC", "-macopt", $"hexkey:{key}");

        hook.Headers["X-Spark-Signature"].ShouldBe($"sha256={Digest(spark)}");
        hook.Headers["webhook-signature"].ShouldBe($"v1,{Convert.ToBase64String(Convert.FromHexString(Digest(standard)))}");
    }

    private static async Task<ReceivedHook> ReceiveAsync(string secret)
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var rig = await OutboxRig.StartAsync(receiver.Address, secret);
        await rig.EndJobAsync(SwapState.RolledBack);
        return await receiver.NextAsync();
    }

    // "SHA2-256(stdin)= 0123…", and other words before the sign in other versions.
    private static string Digest(string output) => output.Split('=')[^1].Trim();
}
